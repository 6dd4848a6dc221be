"""Are these two names, written in kanji, the same name? Variants of a character are set aside.

What is folded, and where it is known from:

- Unicode's compatibility form (NFKC): width, 塚 U+FA10, 神 U+FA19 and the other compatibility ideographs that the standard
  itself decomposes.
- Variation selectors (U+FE00–FE0F, U+E0100–E01EF) are dropped: the standard says that they choose a drawing of the same
  character (葛 and 葛 with a selector).
- 旧字体 beside their 新字体: the pairs of the 常用漢字表 (内閣告示, 2010), where the old form stands in parentheses, and of the
  人名用漢字 (戸籍法施行規則 別表第二), as far as they are met in names.
- Variants in family names that no standard decomposes (髙 U+9AD9, 﨑 U+FA11, 邉, 嶋, 嶌, 濵, 栁, 𠮷): this list is ours and not
  complete. A pair that is missing gives one warning too many, never two names taken for one. 斉 and 斎, 齊 and 齋 are
  taken together although they are two characters, since one family writes either.

It is for comparing two names that one member gave, to warn where they differ. It answers neither who somebody is nor how
a name is read.
"""

import re
from typing import Final

from kotowari.kernel.company_forms import COMPANY_FORMS, WORD
from kotowari.kernel.kana import nfkc, to_katakana

VARIANTS: Final = (
    "高髙", "崎﨑嵜", "斎斉齋齊", "辺邊邉", "浜濱濵", "沢澤", "広廣", "島嶋嶌", "桜櫻", "国國", "徳德", "恵惠",
    "真眞", "瀬瀨", "柳栁桺", "吉𠮷", "富冨", "峰峯", "塩鹽", "関關", "黒黑", "黄黃", "横橫", "緑綠", "緒緖", "郎郞",
    "竜龍", "滝瀧", "条條", "桑桒", "曽曾", "増增", "蔵藏", "荘莊", "壮壯", "将將", "穂穗", "穣穰", "勲勳", "薫薰",
    "亀龜", "亜亞", "悪惡", "圧壓", "為爲", "栄榮", "衛衞", "円圓", "応應", "奥奧", "温溫", "会會", "絵繪", "学學",
    "楽樂", "覚覺", "鶴靏靍", "巻卷", "観觀", "寛寬", "館舘", "鉄鐵鐡", "気氣", "来來", "暁曉", "尭堯", "鴎鷗",
    "駆驅", "区區", "薮藪", "剣劍劒", "県縣", "倹儉", "検檢", "権權", "顕顯", "厳嚴", "児兒", "実實", "舎舍", "寿壽",
    "収收", "従從", "渋澁", "粛肅", "処處", "晋晉", "静靜", "尽盡", "瑶瑤", "数數", "摂攝", "専專", "浅淺", "銭錢",
    "禅禪", "双雙", "総總", "聡聰", "騒騷", "蘇蘓", "対對", "台臺", "択擇", "単單", "団團", "弾彈", "昼晝", "鋳鑄",
    "庁廳", "聴聽", "鎮鎭", "転轉", "伝傳", "灯燈", "当當", "党黨", "稲稻", "独獨", "読讀", "与與", "弥彌", "万萬",
    "満滿", "宝寶寳", "豊豐", "麦麥", "仏佛", "払拂", "変變", "弁辨瓣辯", "翻飜", "訳譯", "薬藥", "予豫", "余餘",
    "誉譽", "揺搖", "様樣", "頼賴", "覧覽", "猟獵", "塁壘", "礼禮", "霊靈", "齢齡", "恋戀", "炉爐", "労勞", "楼樓",
    "禄祿", "湾灣", "桧檜", "槙槇", "遥遙", "凛凜", "巌巖", "曳曵", "籠篭", "梅楳", "野埜", "船舩", "松枩", "秋龝",
    "飯飰", "淵渊渕", "橋槗", "体體", "声聲", "経經", "継繼", "径徑", "茎莖", "芸藝", "画畫", "拡擴", "郷鄕", "強强",
    "教敎", "尚尙", "清淸", "青靑", "歩步", "毎每", "戸戶", "即卽", "巣巢", "説說", "閲閱", "鋭銳", "虚虛", "戯戲",
    "産產", "彦彥", "顔顏", "姫姬", "莱萊", "弐貳", "歳歲", "歴歷", "暦曆", "乗乘", "剰剩", "浄淨", "縄繩", "畳疊",
    "穏穩",
)  # fmt: skip
"""Characters that are one for a name, the common form first."""

_HEAD_OF: Final = {ord(nfkc(form)): nfkc(group[0]) for group in VARIANTS for form in group}
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SET_ASIDE: Final = re.compile(r"[\s・･,.、。\u200b-\u200f\u2060\ufeff]")
_FIRST_WORD_OF: Final = {nfkc(word): form.words[0] for form in COMPANY_FORMS for word in form.words}


def name_key(name: str) -> str:
    """What is left of a written name to compare: common forms of characters, no spaces, dots or selectors.

    Hiragana is compared as katakana, Latin letters without case; ㈱ and (株) are 株式会社, and kinds of company differ.
    """
    plain = nfkc(_SELECTORS.sub("", name)).casefold()
    plain = WORD.sub(lambda word: _FIRST_WORD_OF[nfkc(word.group())], plain)
    return _SET_ASIDE.sub("", to_katakana(plain)).translate(_HEAD_OF)


def same_name(left: str, right: str) -> bool:
    """Whether two written names are one: 髙橋 and 高橋, 齋藤 and 斉藤, ㈱みほん and 株式会社みほん. An empty one equals none."""
    key = name_key(left)
    return bool(key) and key == name_key(right)
