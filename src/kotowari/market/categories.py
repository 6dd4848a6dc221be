"""The categories a new market starts with; an operator may add others in the database (A097, A156)."""

from kotowari.kernel.text import Text

GROUPS: dict[str, Text] = {
    "it": Text("システム・Web開発", "Software and web"),
    "design": Text("デザイン・制作", "Design"),
    "writing": Text("ライティング・翻訳", "Writing and translation"),
    "media": Text("動画・音声・写真", "Video, sound and photos"),
    "office": Text("事務・調査・サポート", "Office, research and support"),
}

SEED: tuple[tuple[str, str, str, str], ...] = (
    ("it", "website", "ホームページ制作", "Websites"),
    ("it", "web-app", "Webシステム開発", "Web applications"),
    ("it", "mobile-app", "スマホアプリ開発", "Mobile apps"),
    ("it", "shop", "ネットショップ構築・運用", "Online shops"),
    ("it", "infrastructure", "サーバー・インフラ", "Servers and infrastructure"),
    ("design", "logo", "ロゴデザイン", "Logos"),
    ("design", "web-design", "Webデザイン・バナー", "Web design and banners"),
    ("design", "print", "チラシ・印刷物", "Leaflets and print"),
    ("design", "illustration", "イラスト・漫画", "Illustration and comics"),
    ("writing", "article", "記事作成", "Articles"),
    ("writing", "copy", "コピーライティング・ネーミング", "Copywriting and naming"),
    ("writing", "translation", "翻訳・通訳", "Translation and interpreting"),
    ("writing", "proofreading", "校正・リライト", "Proofreading and rewriting"),
    ("media", "video", "動画編集・制作", "Video"),
    ("media", "voice", "ナレーション・音楽", "Voice and music"),
    ("media", "photo", "写真撮影・加工", "Photos"),
    ("office", "data-entry", "データ入力", "Data entry"),
    ("office", "transcription", "文字起こし", "Transcription"),
    ("office", "research", "調査・リサーチ", "Research"),
    ("office", "assistant", "事務代行・サポート", "Assistance and support"),
    ("office", "survey", "アンケート・モニター", "Surveys and testing"),
)
"""(group, slug, Japanese, English), in the order in which they are shown."""
