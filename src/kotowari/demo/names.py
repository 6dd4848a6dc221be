"""Names for people and companies who do not exist, with readings, as a bank and a username need them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

SURNAMES = (
    "佐藤 サトウ sato", "鈴木 スズキ suzuki", "高橋 タカハシ takahashi", "田中 タナカ tanaka", "伊藤 イトウ ito",
    "渡辺 ワタナベ watanabe", "山本 ヤマモト yamamoto", "中村 ナカムラ nakamura", "小林 コバヤシ kobayashi",
    "加藤 カトウ kato", "吉田 ヨシダ yoshida", "山田 ヤマダ yamada", "佐々木 ササキ sasaki", "山口 ヤマグチ yamaguchi",
    "松本 マツモト matsumoto", "井上 イノウエ inoue", "木村 キムラ kimura", "林 ハヤシ hayashi", "清水 シミズ shimizu",
    "斎藤 サイトウ saito", "阿部 アベ abe", "池田 イケダ ikeda", "橋本 ハシモト hashimoto", "石川 イシカワ ishikawa",
    "前田 マエダ maeda", "藤田 フジタ fujita", "後藤 ゴトウ goto", "岡田 オカダ okada", "村上 ムラカミ murakami",
    "近藤 コンドウ kondo", "遠藤 エンドウ endo", "青木 アオキ aoki", "坂本 サカモト sakamoto", "西村 ニシムラ nishimura",
    "福田 フクダ fukuda", "太田 オオタ ota", "三浦 ミウラ miura", "藤原 フジワラ fujiwara", "松田 マツダ matsuda",
    "原田 ハラダ harada", "小野 オノ ono", "竹内 タケウチ takeuchi", "金子 カネコ kaneko", "和田 ワダ wada",
    "中山 ナカヤマ nakayama", "石井 イシイ ishii", "上田 ウエダ ueda", "森田 モリタ morita",
)  # fmt: skip
GIVEN_NAMES = (
    "美咲 ミサキ misaki", "陽菜 ヒナ hina", "結衣 ユイ yui", "葵 アオイ aoi", "さくら サクラ sakura", "美優 ミユ miyu",
    "彩花 アヤカ ayaka", "真由美 マユミ mayumi", "恵子 ケイコ keiko", "由美子 ユミコ yumiko", "直子 ナオコ naoko",
    "久美子 クミコ kumiko", "智子 トモコ tomoko", "千尋 チヒロ chihiro", "遥 ハルカ haruka", "奈々 ナナ nana",
    "里奈 リナ rina", "真琴 マコト makoto", "翔太 ショウタ shota", "大輔 ダイスケ daisuke", "健太 ケンタ kenta",
    "拓也 タクヤ takuya", "直樹 ナオキ naoki", "和也 カズヤ kazuya", "誠 マコト makoto", "浩 ヒロシ hiroshi",
    "隆 タカシ takashi", "亮 リョウ ryo", "蓮 レン ren", "悠斗 ユウト yuto", "大和 ヤマト yamato", "颯太 ソウタ sota",
    "陸 リク riku", "徹 トオル toru", "修 オサム osamu", "剛 ツヨシ tsuyoshi", "めぐみ メグミ megumi", "光 ヒカル hikaru",
    "薫 カオル kaoru", "優 ユウ yu", "静香 シズカ shizuka", "理恵 リエ rie",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as it is shown and as the register has it, its reading as a bank writes it, and a username made of it."""

    shown: str
    written: str
    kana: str
    username: str


def person_names(rng: random.Random) -> Iterator[PersonName]:
    """Names without end of usernames given twice; the same for the same random numbers."""
    pairs = [(s.split(), g.split()) for s in SURNAMES for g in GIVEN_NAMES]
    rng.shuffle(pairs)
    taken: set[str] = set()
    for (surname, surname_kana, surname_roman), (given, given_kana, given_roman) in pairs:
        base = rng.choice(
            [f"{given_roman}_{surname_roman}", f"{surname_roman}_{given_roman}", f"{given_roman}_{surname_roman[0]}"]
        )[:16]
        username = base if base not in taken else f"{base}_{rng.randint(11, 99)}"
        if username in taken:
            continue
        taken.add(username)
        shown = rng.choice(
            [f"{surname} {given}", f"{surname} {given}", f"{surname}{given}", f"{given_kana}({surname})"]
        )
        # Whoever is a 高橋 in the market is a 髙橋 in the family register, as many are.
        written = f"{surname.replace('高', '髙')} {given}"
        yield PersonName(shown, written, f"{surname_kana} {given_kana}", username)


@dataclass(frozen=True, slots=True)
class Business:
    """Who offers work: a company, or a person for a shop or project of their own."""

    username: str
    shown: str
    kana: str
    place: str
    says: str
    groups: tuple[str, ...]
    is_company: bool = True


def _company(username: str, shown: str, kana: str, place: str, says: str, groups: str) -> Business:
    return Business(username, shown, kana, place, says, tuple(groups.split()))


def _person(username: str, shown: str, kana: str, place: str, says: str, groups: str) -> Business:
    return Business(username, shown, kana, place, says, tuple(groups.split()), is_company=False)


BUSINESSES = (
    _company("aozora_kobo", "株式会社あおぞら工房", "カ)アオゾラコウボウ", "東京都台東区見本町2-4-8", "木のおもちゃを作り、全国の保育園に届けている会社です。", "it design media"),
    _company("minato_publishing", "みなと出版株式会社", "ミナトシユツパン(カ", "東京都文京区例示台1-3-5", "実用書と児童書を出している小さな出版社です。", "writing design office"),
    _company("kita_seisakusho", "有限会社北製作所", "ユ)キタセイサクシヨ", "大阪府東大阪市見本1-7-2", "精密な部品を削り出す、社員18名の町工場です。", "media it design"),
    _company("hoshi_clinic", "ほしの歯科クリニック", "ホシノシカクリニツク", "愛知県名古屋市見本区星町5-1", "地域の歯科医院です。予防に力を入れています。", "it design office"),
    _company("tsumugi_apparel", "つむぎ株式会社", "ツムギ(カ", "京都府京都市例示区糸屋町12", "草木で染めた衣料品を扱っています。", "design media it"),
    _company("marunaka_shokuhin", "株式会社まるなか食品", "カ)マルナカシヨクヒン", "福岡県福岡市見本区浜3-9-1", "明太子と練り物の製造・販売をしています。", "design media it office"),
    _company("sora_travel", "そら旅行社", "ソラリヨコウシヤ", "沖縄県那覇市例示1-2-3", "少人数の離島ツアーを案内しています。", "writing media it"),
    _company("midori_zaidan", "公益財団法人みどりの森(見本)", "ザイ)ミドリノモリ", "長野県松本市見本4-4", "里山の保全と子どもの自然体験を行う団体です。", "writing office media"),
    _company("logic_works", "ロジックワークス合同会社", "ド)ロジツクワ-クス", "神奈川県川崎市見本区港町7-7", "業務システムを受託で開発している会社です。", "it"),
    _company("hikari_juku", "ひかり学習塾", "ヒカリガクシユウジユク", "埼玉県さいたま市例示区学町3-2", "小中学生の個別指導の塾です。", "writing media design"),
    _company("yamabiko_radio", "やまびこ放送企画", "ヤマビコホウソウキカク", "宮城県仙台市見本区山手1-1", "地域の音声番組を企画・制作しています。", "media writing"),
    _company("fuji_kaikei", "富士見会計事務所", "フジミカイケイジムシヨ", "静岡県富士市例示町6-5", "個人事業主と小さな会社のお手伝いをしている会計事務所です。", "office writing it"),
    _company("nagisa_realty", "なぎさ不動産株式会社", "ナギサフドウサン(カ", "千葉県船橋市見本8-3-1", "海沿いの町で賃貸の仲介と管理をしています。", "design media it office"),
    _company("komorebi_cafe", "カフェこもれび", "カフエコモレビ", "北海道札幌市例示区北9", "古い倉庫を直した喫茶店です。焼き菓子も人気です。", "design it media"),
    _company("tane_farm", "たね農園", "タネノウエン", "茨城県つくば市見本2-2", "農薬をできるだけ使わず、季節の野菜を育てています。", "it design media writing"),
    _company("asahi_kaigo", "社会福祉法人あさひ会(見本)", "フク)アサヒカイ", "広島県広島市例示区朝日町4", "高齢の方の住まいと通いの場を運営しています。", "design office writing"),
    _company("kumo_cloud", "株式会社くもいろ", "カ)クモイロ", "東京都渋谷区例示2-1-1", "予約と顧客管理のサービスを開発しています。", "it writing office"),
    _company("ishizue_law", "いしずえ法務事務所", "イシズエホウムジムシヨ", "東京都千代田区見本町1-2-3", "相続と登記を扱う事務所です。", "writing office design"),
    _company("otoya_music", "音屋株式会社", "オトヤ(カ", "兵庫県神戸市例示区音楽通2", "楽器の販売と教室の運営をしています。", "media design it"),
    _company("pet_smile", "ペットスマイル", "ペツトスマイル", "岐阜県岐阜市見本11-2", "犬と猫の用品を販売しています。", "it media office"),
    _person("uchida_yoko", "内田 洋子", "ウチダ ヨウコ", "東京都世田谷区例示3-3", "自宅で料理教室を開いています。", "media design it"),
    _person("kawai_taro", "河合 太郎", "カワイ タロウ", "滋賀県大津市見本1-5", "釣りの動画を配信しています。", "media design"),
    _person("noguchi_ryoko", "野口 涼子", "ノグチ リヨウコ", "新潟県新潟市例示区2-8", "翻訳書の執筆と大学での講義をしています。", "writing office"),
    _person("hirano_shinji", "平野 真司", "ヒラノ シンジ", "岡山県岡山市見本区7", "個人でアプリを開発し、公開しています。", "it design office"),
    _person("ogawa_michiko", "小川 美智子", "オガワ ミチコ", "石川県金沢市例示町5-5", "祖父の残した日記と写真を本にまとめています。", "office writing media"),
    _person("tamura_ken", "田村 健", "タムラ ケン", "東京都八王子市見本6-6", "地元の少年サッカーチームの世話役をしています。", "design media"),
    _person("shibata_eri", "柴田 絵里", "シバタ エリ", "熊本県熊本市例示区花町", "手作りの石けんを販売しています。", "it design writing"),
    _person("kudo_masaru", "工藤 勝", "クドウ マサル", "青森県弘前市見本9-1", "りんご農家です。直売を始めました。", "it design media office"),
)  # fmt: skip
