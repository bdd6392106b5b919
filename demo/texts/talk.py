"""What is not about a broken thing: questions, refusals, urging, ratings, units that say it is not theirs."""

from dataclasses import dataclass

from .template import lines


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, and the answer the desk gives at once."""

    kind: str
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class Declined:
    """A report the desk does not accept: the ground's code in the exclusion list, and a friendly word."""

    reason: str
    text: str
    note: str


QUESTIONS: tuple[Question, ...] = (
    Question(
        "question",
        "请问老年公交卡在哪里办理？需要带什么？",
        "年满65周岁可持身份证到政务服务中心一楼12号窗口办理，当场领卡。",
    ),
    Question(
        "question",
        "小区想加装电梯，要先找哪个部门？",
        "先由单元业主商议并形成书面意见，再向所在社区提出，由社区协助到住建局窗口提交材料。",
    ),
    Question(
        "question",
        "大件旧家具怎么约人来收？",
        "可拨打环卫服务电话0900-5550111预约，每周三、周六上门，住户搬到指定点即可。",
    ),
    Question(
        "question",
        "养狗要办什么证？在哪里打疫苗？",
        "请到辖区派出所登记，免疫点在农贸市场旁的动物防疫站，登记时带身份证和免疫证明。",
    ),
    Question(
        "question",
        "我家在{road}，想问什么时候通天然气？",
        "该路段燃气管网列入本年度计划，开工前会在小区张贴通知，请留意。",
    ),
    Question(
        "question",
        "新生儿落户现在能网上办吗？",
        "可以在线提交出生医学证明和父母身份材料，三个工作日内审核，也可到政务服务中心现场办理。",
    ),
    Question(
        "question",
        "请问社区食堂几点开饭？外面的人能去吃吗？",
        "午餐10:50至12:40，晚餐16:50至18:10，全体居民都可以用餐，60岁以上有优惠。",
    ),
    Question(
        "question",
        "{road}修路要修到什么时候？公交改道怎么坐？",
        "计划本月底完工，期间公交临时绕行，临时站牌已设在路口。",
    ),
    Question(
        "question",
        "残疾人无障碍改造补贴怎么申请？",
        "请向所在社区提交申请表和残疾证，社区会上门评估，符合条件的免费改造。",
    ),
    Question(
        "question",
        "夜市什么时候开？摊位怎么报名？",
        "夜市每年4月至10月开放，报名请到街道便民服务大厅，公开抽签。",
    ),
    Question(
        "suggestion",
        "建议在{road}路口加一个行人等候的遮阳棚，夏天太晒了",
        "感谢建议，已转交相关部门列入明年口袋工程比选，结果会在公示栏告知。",
    ),
    Question(
        "suggestion",
        "希望公园里多装几个直饮水点",
        "感谢建议，映月湖公园东门的直饮水点本月启用，其余点位正在选址。",
    ),
    Question(
        "suggestion",
        "能不能把图书馆周末闭馆时间延长到晚上九点",
        "感谢建议，文旅局回复：自下月起周五、周六开放至21:00。",
    ),
    Question(
        "suggestion",
        "建议社区每个月组织一次旧衣物和旧家电集中回收",
        "好建议，社区已定于每月第二个周六上午设回收日，欢迎参加。",
    ),
    Question(
        "thanks",
        "谢谢网格员帮我妈妈修好了门锁，还陪她聊了半天，感谢！",
        "您的感谢已转达给网格员本人，也谢谢您让我们知道。",
    ),
    Question("thanks", "昨天报的井盖今天一早就换好了，效率真高，点赞", "谢谢鼓励，已转告处置单位的师傅们。"),
    Question("thanks", "感谢半夜来抢修水管的师傅，下着雨干到四点", "谢谢您的体谅，已转告抢修班组。"),
    Question(
        "help",
        "我行动不便，想请人帮忙到社区代取一下药",
        "已联系社区志愿者，今天下午三点前送到您家，上门前会先电话联系。",
    ),
    Question(
        "help",
        "家里老人独自在家，电话打不通，能不能请人上门看看？",
        "网格员已上门，老人平安，手机没电了，已帮忙充上电。",
    ),
)

DECLINED: tuple[Declined, ...] = (
    Declined(
        "police", "隔壁打架打得很厉害，有人流血了！", "此类紧急警情请直接拨打110，我们已同时转告辖区派出所。"
    ),
    Declined(
        "outside_area", "邻县高速收费站出口的路灯都坏了", "该处不在本区管理范围，已将您的情况转告当地热线。"
    ),
    Declined(
        "in_suit", "我和装修公司的官司判了，他们还不赔钱，你们管管", "已有生效判决的事项，请向法院申请执行。"
    ),
    Declined(
        "repeat",
        "上个月反映的{road}井盖的事，怎么还没回复我",
        "该事项已办结并回复，如有新情况请补充照片再报。",
    ),
    Declined(
        "privacy",
        "请帮我查一下楼上那户是谁，电话多少",
        "涉及他人隐私，无法提供。如有噪声等具体问题，可以直接反映。",
    ),
    Declined("malicious", "测试测试，看看有没有人理", "请据实上报，以便把时间留给需要帮助的人。"),
    Declined(
        "in_arbitration",
        "公司拖欠工资，已经在劳动仲裁了，想再催催",
        "正在仲裁的事项请向仲裁委查询进展，可拨打12348咨询。",
    ),
    Declined(
        "traffic_accident", "{road}刚刚两辆车撞了，双方吵起来了", "交通事故请拨打122，有人受伤同时拨打120。"
    ),
)

FOLLOW_UPS = lines("""
    请问处理得怎么样了？
    刚才又去看了，还是老样子，麻烦快一点
    补充一下，就在公交站往东二十米左右
    今天又有人在那里摔倒了，请尽快处理
    照片发错了，以这张为准
""")

# Reason code of the list of reasons, the note, and whether it asks for the legal basis.
SEND_BACKS: tuple[tuple[str, str], ...] = (
    (
        "owned_by_other",
        "经现场查看，该设施产权属其他单位，依据《清澜区市政设施权属目录》不属本单位养护范围。",
    ),
    ("not_our_duty", "该事项属行业主管部门职责，依据权责清单第三章，请改派。"),
    ("wrong_place", "现场未找到所述位置，请补充准确地点。"),
    ("not_our_area", "经核实该点位在相邻街道辖区，依据街道界线图，请改派。"),
    ("wrong_class", "现场为通信井盖而非供水井盖，请更正类别后派遣。"),
)

# solved, result 1–3, attitude 1–3, words; the share is how often it is said.
RATINGS: tuple[tuple[int, bool, int, int, str], ...] = (
    (22, True, 3, 3, ""),
    (9, True, 3, 3, "处理得很快，谢谢"),
    (7, True, 3, 3, "师傅态度很好，点赞"),
    (6, True, 2, 3, "修好了，就是等的时间长了点"),
    (6, True, 3, 2, ""),
    (5, True, 2, 2, "一般吧，希望以后主动巡查"),
    (4, True, 3, 3, "比以前打电话强多了，全程看得到进度"),
    (3, True, 2, 2, ""),
    (3, False, 1, 2, "过了两天又坏了"),
    (2, False, 1, 1, "只拍了照片，根本没有彻底处理"),
    (2, False, 1, 2, "晚上噪音还是很大"),
    (1, False, 2, 3, "人很客气，但问题只解决了一半"),
)
