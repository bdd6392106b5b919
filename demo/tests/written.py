"""Addresses of the made-up district as people write them: in full, in short, by sound, wrong, and not at all.

Each has the address that is meant, and what the program may do: `SURE` takes it for the one meant, `ASK` puts it first
among those it asks about, `OUT` must not be sure of anything.
"""

SURE, ASK, OUT = "sure", "ask", "out"

CHAOYANG3 = "人民路577号朝阳二村3幢"
YOUYI14 = "燕桥路29号友谊一村14幢"
WENCHANG2 = "学府路248号文昌小区2幢"
JINYU5 = "盈山路41号金榆雅居5幢"
YONGAN12 = "南环路713号永安北苑12幢"
MILL2 = "滨河南路350号原清澜第二棉纺织厂职工宿舍（改造后）2幢"
RELOCATED1 = "福风街30号望湖路沿线棚户区改造项目回迁安置小区1幢"

WRITTEN: tuple[tuple[str, str, str], ...] = (
    # in full
    ("人民路577号朝阳二村3幢", CHAOYANG3, SURE),
    ("示范省临澜市清澜区榆桥街道人民路577号朝阳二村3幢", CHAOYANG3, SURE),
    ("清澜区人民路577号", "人民路577号", SURE),
    ("燕桥路29号友谊一村14幢", YOUYI14, SURE),
    ("学府路248号文昌小区2幢", WENCHANG2, SURE),
    ("青禾路716号", "青禾路716号", SURE),
    ("松月弄50号", "松月弄50号", SURE),
    ("槐阳里35号", "槐阳里35号", SURE),
    ("仁清里26号", "仁清里26号", SURE),
    ("福台街30号", "福台街30号", SURE),
    ("柳塘书园路100号", "柳塘书园路100号", SURE),
    ("杨家圩朝光路68号", "杨家圩朝光路68号", SURE),
    # other words, other digits
    ("人民路577号朝阳二村3号楼", CHAOYANG3, SURE),
    ("人民路577号朝阳二村3栋", CHAOYANG3, SURE),
    ("人民路577号朝阳二村3座", CHAOYANG3, SURE),
    ("朝阳二村3#", CHAOYANG3, SURE),
    ("朝阳二村三幢", CHAOYANG3, SURE),
    ("朝阳２村３幢", CHAOYANG3, SURE),
    ("人民路五百七十七号朝阳二村三号楼", CHAOYANG3, SURE),
    ("永安北苑十二栋", YONGAN12, SURE),
    ("友谊一村14-2-301", YOUYI14, SURE),
    ("友谊1村14幢2单元三零一室", YOUYI14, SURE),
    ("金榆雅居5栋一单元1102", JINYU5, SURE),
    ("金榆雅居5楼1单元", JINYU5, SURE),
    ("人民路577", "人民路577号", SURE),
    ("人民路 577 号", "人民路577号", SURE),
    # in short, in another order
    ("朝阳二村3幢", CHAOYANG3, SURE),
    ("人民路577号3幢", CHAOYANG3, SURE),
    ("3号楼，朝阳二村，人民路577号", CHAOYANG3, SURE),
    ("朝阳二村（人民路577号）3幢", CHAOYANG3, SURE),
    ("577号人民路", "人民路577号", SURE),
    ("书园路100号", "柳塘书园路100号", SURE),
    ("文昌小区2幢(学府路248号)", WENCHANG2, SURE),
    # other names
    ("解放路577号", "人民路577号", SURE),
    ("二棉宿舍2幢", MILL2, SURE),
    ("望湖回迁小区1幢", RELOCATED1, SURE),
    ("区一院", "虹水路27号清澜区第一人民医院", ASK),
    ("清澜区第1人民医院", "虹水路27号清澜区第一人民医院", ASK),
    ("清澜区第一人民医院急诊楼", "虹水路27号清澜区第一人民医院急诊楼", SURE),
    ("澜桥小学教学楼", "清澜大道622号澜桥小学教学楼", SURE),
    # by sound, with a slip
    ("仁民路577号", "人民路577号", ASK),
    ("青和路716号", "青禾路716号", ASK),
    ("松月巷50号", "松月弄50号", ASK),
    ("盈山路41号金鱼雅居5幢", JINYU5, SURE),
    ("金榆雅具5幢", JINYU5, ASK),
    ("学富路248号文昌小区2幢", WENCHANG2, SURE),
    ("友宜一村14幢", YOUYI14, ASK),
    ("永安北院12幢", YONGAN12, ASK),
    ("renmin lu 577号", "人民路577号", SURE),
    ("577 Renmin Road", "人民路577号", SURE),
    ("Building 3, No. 577 Renmin Road", CHAOYANG3, SURE),
    ("No.29 Yanqiao Rd, Youyi Yicun, Bldg 14, Unit 2, Room 301", YOUYI14, SURE),
    # beside it, only nearly known
    ("人民路577号旁边", "人民路577号", ASK),
    ("人民路577号对面的公交站", "人民路577号", ASK),
    ("朝阳二村3幢附近", CHAOYANG3, ASK),
    ("朝阳二村", "人民路577号朝阳二村", ASK),
    ("人民路", "人民路", ASK),
    ("人民路与文昌路交叉口", "人民路与文昌路路口", SURE),
    ("文昌路人民路路口", "文昌路与人民路路口", SURE),
    ("朝阳二村99幢", "人民路577号朝阳二村", ASK),
    ("望澜街道人民路577号", "人民路577号", ASK),
    ("槐荫里社区", "槐荫里社区", ASK),
    # what a report says
    ("人民路577号门口的路灯不亮了，请尽快修理", "人民路577号", SURE),
    ("昨天晚上朝阳二村3幢楼道里堆满了杂物", CHAOYANG3, SURE),
    ("我住在友谊一村14幢2单元，楼上漏水", YOUYI14, SURE),
    ("青禾路716号店外经营占道，影响通行", "青禾路716号", SURE),
    ("永安北苑12号楼下水道堵了3天", YONGAN12, SURE),
    # not here, or nowhere
    ("北京市人民路577号", "人民路577号", ASK),
    ("上海市黄浦区人民路577号", "人民路577号", ASK),
    ("人民路99999号", "人民路", ASK),
    ("不知道在哪里", "", OUT),
    ("我家门口", "", OUT),
    ("公交车站旁边的垃圾桶", "", OUT),
    ("12345", "", OUT),
    ("3幢2单元302", "", OUT),
    ("路灯坏了", "", OUT),
)  # fmt: skip
