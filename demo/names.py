"""Invented people's names with account names in pinyin; common characters, drawn at random, no real persons."""

from __future__ import annotations

import random
from collections.abc import Iterator

_SURNAMES = """陈chen 张zhang 李li 王wang 刘liu 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun 胡hu 朱zhu 高gao 林lin 何he
郭guo 马ma 罗luo 梁liang 宋song 郑zheng 谢xie 韩han 唐tang 冯feng 于yu 董dong 程cheng 曹cao 袁yuan 邓deng 许xu 傅fu 沈shen
曾zeng 彭peng 吕lv 苏su 卢lu 蒋jiang 蔡cai 丁ding 魏wei 薛xue 叶ye 余yu 潘pan 杜du 戴dai 夏xia 钟zhong 汪wang 田tian 任ren
姜jiang 范fan 方fang 石shi 姚yao 谭tan 廖liao 邹zou 熊xiong 陆lu 孔kong 白bai 崔cui 康kang 毛mao 邱qiu 秦qin 江jiang 史shi 顾gu"""
_GIVEN = """伟wei 芳fang 娜na 敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 娟juan 涛tao 明ming 超chao 秀xiu
兰lan 霞xia 平ping 刚gang 桂gui 英ying 玉yu 梅mei 建jian 国guo 志zhi 文wen 海hai 燕yan 春chun 红hong 华hua 丹dan 晓xiao 雪xue
云yun 凤feng 立li 佳jia 宇yu 晨chen 欣xin 怡yi 子zi 轩xuan 浩hao 婷ting 琳lin 倩qian 颖ying 慧hui 莹ying 蕾lei 鹏peng 飞fei
峰feng 波bo 斌bin 辉hui 俊jun 博bo 瑞rui 淑shu 珍zhen 彩cai 荣rong 福fu 祥xiang 金jin 银yin 学xue 成cheng 德de 良liang 永yong"""


def _table(text: str) -> list[tuple[str, str]]:
    return [(entry[0], entry[1:]) for entry in text.split()]


def people_names(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Pairs of name and account name, each once, for ever."""
    surnames, given = _table(_SURNAMES), _table(_GIVEN)
    names: set[str] = set()
    accounts: set[str] = set()
    while True:
        parts = [rng.choice(surnames), *rng.sample(given, rng.choices((1, 2), (1, 4))[0])]
        name = "".join(part[0] for part in parts)
        account = parts[0][1] + "".join(part[1] for part in parts[1:])
        if name in names or account in accounts:
            continue
        names.add(name)
        accounts.add(account)
        yield name, account
