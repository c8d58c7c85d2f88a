"""Cut the two printing fonts, Ribao Sans Regular and Bold, from Noto Sans SC. Run it by ``make fonts``.

The cut is the same, byte for byte, whenever and wherever it is made: the source is fetched by name and version and its
hash is checked, and every date inside the font stays the source's own.
"""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

HERE = Path(__file__).resolve().parent
PACKAGE = "@expo-google-fonts/noto-sans-sc@0.4.3"
FAMILY = "Ribao Sans"
WEIGHTS = {
    "Regular": (
        "package/400Regular/NotoSansSC_400Regular.ttf",
        "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
    ),
    "Bold": (
        "package/700Bold/NotoSansSC_700Bold.ttf",
        "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
    ),
}

# Signs beside those of GB2312 and of the ranges below.
SIGNS = (
    "‐‑‒–—―‖‘’“”„†‡•…‥·‰′″※‹›"  # marks
    "←↑→↓↔↕↖↗↘↙⇒⇔"  # arrows
    "▲▼△▽▶▷◀◁■□▪▫●○◆◇◎★☆➤✓"  # bullets
    "±×÷−∓≈≠≡≤≥≦≧∞∑√∂∆∏∫∝∈∩∪∴∵∥⊥⌒〜"  # mathematics
    "℃℉№™℡ΩÅµ㎎㎏㎜㎝㎞㎡㎥㏄㏑㏒㏕"  # units and letter-like signs
    "¥£€￥₩₫¢"  # currencies
    "¹²³₁₂₃½¼¾"  # raised, lowered, fractions
)
# Characters of personal and company names that neither standard has.
NAMES = "龘靐鱻羴猋麤厵囍烎囧槑嘂兲瑠峯鎔咲凃閆鍾頔燁燿煒瑋瀞暠喦堺燄馫龑龖驫飝囜叒㴪湦琍栢菓傢夠裏"
RANGES = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00FF),  # Latin-1
    (0x0391, 0x03A1),  # Greek capitals, in two parts
    (0x03A3, 0x03A9),
    (0x03B1, 0x03C9),  # Greek small letters
    (0x2160, 0x216B),  # Ⅰ to Ⅻ
    (0x2170, 0x2179),  # ⅰ to ⅹ
    (0x2460, 0x249B),  # ① to ⒛
    (0x3000, 0x303F),  # CJK punctuation
    (0x3220, 0x3229),  # ㈠ to ㈩
    (0xFF01, 0xFF9F),  # full-width forms, half-width kana
    (0xFFE0, 0xFFE6),  # full-width signs
    (0xFFE8, 0xFFEE),  # half-width signs
)
# Width of each space in parts of an em; a string borrows the width of that character.
SPACES: dict[int, float | str] = {
    0x2000: 1 / 2,
    0x2001: 1,
    0x2002: 1 / 2,
    0x2003: 1,
    0x2004: 1 / 3,
    0x2005: 1 / 4,
    0x2006: 1 / 6,
    0x2007: "0",
    0x2008: ".",
    0x2009: 1 / 5,
    0x200A: 1 / 10,
    0x202F: 1 / 5,
    0x205F: 4 / 18,
}
FEATURES = ["ccmp", "locl", "liga", "kern", "palt", "halt", "chws", "tnum", "pnum", "mark"]
LANGUAGES = [
    f"{script}.{language}" for script in ("DFLT", "hani", "latn", "grek", "kana") for language in ("dflt", "ZHS ")
]
# Lowered figures are not in the source: each is the raised figure, moved down by this part of an em.
LOWERED = {0x2081: 0x00B9, 0x2082: 0x00B2, 0x2083: 0x00B3}
LOWERING = 0.55
DROPPED = ["vhea", "vmtx", "STAT", "DSIG", "gasp"]


def standard_characters() -> set[int]:
    """Return the 8105 characters of the 通用规范汉字表."""
    lines = (HERE / "tgh-2013.txt").read_text(encoding="utf-8").splitlines()
    return {ord(c) for line in lines if not line.startswith("#") for c in line}


def gb2312_characters() -> set[int]:
    """Return the characters of GB2312 beyond ASCII, as Python's own codec knows them."""
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(c) for pair in pairs for c in pair.decode("gb2312", errors="ignore")}


def wanted_characters() -> set[int]:
    """Return everything the fonts should be able to print."""
    ranges = {code for first, last in RANGES for code in range(first, last + 1)}
    return standard_characters() | gb2312_characters() | ranges | set(map(ord, SIGNS + NAMES)) | set(SPACES)


def fetch(folder: Path) -> Path:
    """Download the source package into ``folder`` and return the unpacked folder."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("make fonts: npm is not installed; it is needed only to cut the fonts anew")
    subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder


def load(path: Path, sha256: str) -> TTFont:
    """Open a source font after checking that it is the one the cut was made for."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise SystemExit(f"{path.name}: expected SHA-256 {sha256}, found {found}; the source has changed")
    return TTFont(path, recalcTimestamp=False)


def add_glyph(font: TTFont, code: int, glyph: Glyph, advance: int, bearing: int = 0) -> None:
    """Put a glyph of our own into the font and map the character to it."""
    name = f"uni{code:04X}"
    font["glyf"][name] = glyph
    font["hmtx"].metrics[name] = (advance, bearing)
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format != 14:
            table.cmap[code] = name


def add_spaces(font: TTFont) -> None:
    """Map each space the source lacks to an empty glyph of its proper width."""
    known, widths, em = font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm
    for code in sorted(SPACES.keys() - known.keys()):
        width = SPACES[code]
        advance = widths[known[ord(width)]][0] if isinstance(width, str) else round(width * em)
        add_glyph(font, code, Glyph(), advance)


def add_lowered_figures(font: TTFont) -> None:
    """Give the font ₁₂₃, so that a formula such as CO₂ prints."""
    known, widths = font.getBestCmap(), font["hmtx"].metrics
    for code, raised in LOWERED.items():
        if code not in known:
            pen = TTGlyphPen(font.getGlyphSet())
            pen.addComponent(known[raised], (1, 0, 0, 1, 0, -round(LOWERING * font["head"].unitsPerEm)))
            add_glyph(font, code, pen.glyph(), *widths[known[raised]])


def cut(font: TTFont, characters: set[int]) -> None:
    """Keep the characters and the features we print with, and nothing else."""
    options = Options()
    options.layout_features, options.layout_scripts = FEATURES, LANGUAGES
    options.drop_tables += DROPPED
    options.hinting = options.glyph_names = options.legacy_cmap = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14]
    options.recalc_timestamp = False
    options.prune_unicode_ranges = options.recalc_bounds = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)


def rename(font: TTFont, style: str) -> None:
    """Give the font its private family name; copyright, authors and licence stay as they are."""
    names = font["name"]
    release = names.getDebugName(5).removeprefix("Version ").split(";")[0]
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    texts = {1: FAMILY, 2: style, 3: f"{release};{postscript}", 4: f"{FAMILY} {style}", 6: postscript}
    texts |= {5: f"Version {release}; cut from Noto Sans SC", 16: FAMILY, 17: style}
    for number, text in texts.items():
        names.setName(text, number, 3, 1, 0x409)


def main() -> None:
    """Cut both weights and name each wanted character that the source does not have."""
    wanted = wanted_characters()
    with tempfile.TemporaryDirectory() as temporary:
        folder = fetch(Path(temporary))
        for style, (name, sha256) in WEIGHTS.items():
            font = load(folder / name, sha256)
            add_spaces(font)
            add_lowered_figures(font)
            missing = sorted(wanted - font.getBestCmap().keys())
            cut(font, wanted)
            rename(font, style)
            target = HERE / f"{FAMILY.replace(' ', '')}-{style}.ttf"
            font.save(target, reorderTables=True)
            print(f"{target.name}: {target.stat().st_size:,} bytes, {len(font.getBestCmap())} characters")
            print("  not in the source: " + (" ".join(f"U+{code:04X}" for code in missing) or "none"))


if __name__ == "__main__":
    main()
