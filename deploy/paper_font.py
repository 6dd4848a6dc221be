"""Makes the font that papers are printed with: `python deploy/paper_font.py NotoSansJP_400Regular.ttf`.

The source is Noto Sans JP Regular 2.004 (SIL Open Font License 1.1) as the npm package `@expo-google-fonts/noto-sans-jp`
0.4.3 brings it. What stays: every letter of Windows-31J (JIS X 0208, ①㈱髙﨑), of JIS X 0213, a few more that names are
written with, and European letters. Beside the font goes `coverage.txt`: the code points in it, so that whoever draws a
paper knows what cannot be shown without opening the font.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parents[1] / "src" / "kotowari" / "papers" / "typst" / "fonts"
ALSO_IN_NAMES = "𠮷髙﨑神祥﨔塚德增寬瀨㍿㋿"
CODES = ("cp932", "euc_jis_2004", "latin-1")


def wanted() -> set[int]:
    """The letters that papers can be written with, as far as the font has them."""
    found = {ord(letter) for letter in ALSO_IN_NAMES}
    for point in range(0x20, 0x30000):
        for code in CODES:
            try:
                chr(point).encode(code)
            except UnicodeError:
                continue
            found.add(point)
            break
    return found


def ranges(points: list[int]) -> str:
    """Code points as hexadecimal ranges, one a line."""
    lines: list[list[int]] = []
    for point in points:
        if lines and point == lines[-1][1] + 1:
            lines[-1][1] = point
        else:
            lines.append([point, point])
    return "".join(f"{first:X}-{last:X}\n" for first, last in lines)


def main(source: str) -> None:
    font = TTFont(source)
    options = subset.Options(
        layout_features=["kern", "mark", "ccmp"], hinting=False, name_IDs=["*"], notdef_outline=True, glyph_names=False
    )
    maker = subset.Subsetter(options)
    maker.populate(unicodes=wanted() & set(font.getBestCmap()))
    maker.subset(font)
    for table in ("vhea", "vmtx"):
        if table in font:
            del font[table]
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    FOLDER.mkdir(parents=True, exist_ok=True)
    font.save(FOLDER / "NotoSansJP-Papers.ttf")
    (FOLDER / "coverage.txt").write_text(ranges(sorted(font.getBestCmap())), encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1])
