"""Scanned pages and pictures: recognised, straightened, put in order; doubts told with their place."""

import io
import subprocess
import sys
import zlib
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from benchmarks.rendered import pictures, scanned
from ingest import parse
from ingest.model import OCR_MISSING, DocumentError
from ingest.readers import ocr, read_bytes
from ingest.readers.layout import PrintLine
from ingest.readers.scan import numbers_of, settle
from tests.conftest import REPOSITORY
from tests.small_ofd import make_ofd
from tests.small_pdf import make_pdf
from ui.intake import ingest

Page = list[tuple[float, float, str]]
FIRST: Page = [
    (190.0, 780.0, "云岭县支持茶产业若干措施"),
    (92.0, 750.0, "一、总体要求"),
    (92.0, 725.0, "企业是发展的主体，要持续优化环境，加大支持力度，"),
    (60.0, 700.0, "到2027年新建茶园12500亩，综合产值达到3.86亿元。"),
    (92.0, 675.0, "二、奖励标准"),
    (92.0, 650.0, "（一）基地奖励。对新建茶园每亩补助800元，单个主体"),
]
SECOND: Page = [
    (60.0, 780.0, "最高不超过30万元。"),
    (92.0, 755.0, "牵头单位：县农业农村局"),
    (92.0, 730.0, "（二）贷款贴息。按贷款额的2.5%给予贴息，期限2年。"),
]
CLAUSES = [
    ("正文/一", "总体要求"),
    ("正文/二", "奖励标准"),
    ("正文/二/（一）", "基地奖励"),
    ("正文/二/（二）", "贷款贴息"),
]


def shot(page: Page, skew: float = 0.0, dots: int = 150) -> Image.Image:
    """A page as a picture, its empty lower half cut off."""
    [image] = pictures(make_pdf([page]), dots=dots, skew=skew)
    return image.crop((0, 0, image.width, image.height // 3))


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def tiff() -> bytes:
    """Two scanned pages with a running head and page numbers, each a little askew the other way."""
    head, pages = (200.0, 815.0, "政策文件汇编"), []
    for number, page in enumerate((FIRST, SECOND), 1):
        [image] = pictures(make_pdf([[head, *page, (290.0, 600.0, f"— {number} —")]]), dots=150, skew=0)
        pages.append(image.crop((0, 0, image.width, image.height // 3)).rotate(2.5 - number, fillcolor=255))
    return saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])


def test_pages_askew_become_paragraphs_and_clauses(tiff: bytes) -> None:
    raw = read_bytes(tiff, "a.tif")
    policy = parse(raw)
    assert [(c.locator, c.title) for c in policy.clauses] == CLAUSES
    assert policy.title == "云岭县支持茶产业若干措施"
    assert "12500亩" in policy.clauses[0].text
    assert "3.86亿元" in policy.clauses[0].text
    assert policy.clauses[2].text == "对新建茶园每亩补助800元，单个主体最高不超过30万元。"
    assert [u.of(policy.text) for u in policy.clauses[2].units] == ["牵头单位：县农业农村局"]
    assert "2.5%" in policy.clauses[3].text
    assert "— 1 —" not in raw.text
    [told, *_] = [f for f in policy.findings if f.rule == "ocr"]
    assert told.message.startswith("由扫描件识别：第 1—2 页")
    for finding in policy.findings:
        if finding.span is not None and finding.rule == "ocr":
            assert finding.message.endswith(finding.span.of(policy.text))


@pytest.mark.parametrize(("form", "turn"), [("PNG", 0), ("JPEG", 90), ("BMP", 180), ("WEBP", 270)])
def test_pictures_in_any_format_however_they_lie(form: str, turn: int) -> None:
    image = shot(FIRST[:4]).rotate(turn, expand=True)
    assert "到2027年新建茶园12500亩" in read_bytes(saved(image, form), "picture").text


def test_a_mixed_pdf_is_decided_page_by_page() -> None:
    whole = pypdfium2.PdfDocument.new()
    for data in (make_pdf([FIRST]), scanned([shot(SECOND)], 150)):
        whole.import_pages(pypdfium2.PdfDocument(data))
    out = io.BytesIO()
    whole.save(out)
    policy = parse(read_bytes(out.getvalue(), "a.pdf"))
    assert [(c.locator, c.title) for c in policy.clauses] == CLAUSES
    assert policy.clauses[2].text == "对新建茶园每亩补助800元，单个主体最高不超过30万元。"
    assert next(f.message for f in policy.findings if f.rule == "ocr").startswith("由扫描件识别：第 2 页")


def test_a_scanned_page_of_an_ofd_file() -> None:
    [image] = pictures(make_pdf([SECOND]), dots=150)
    policy = parse(read_bytes(make_ofd([FIRST, []], picture=saved(image, "PNG")), "a.ofd"))
    assert [(c.locator, c.title) for c in policy.clauses] == CLAUSES
    assert policy.clauses[2].text == "对新建茶园每亩补助800元，单个主体最高不超过30万元。"
    assert next(f.message for f in policy.findings if f.rule == "ocr").startswith("由扫描件识别：第 2 页")


def test_a_page_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PAGE_SECONDS", -1.0)
    assert "识别超过" in refused(saved(shot(FIRST[:2]), "PNG"), "a.png").what


def test_a_stain_in_a_table_does_not_take_its_row_away() -> None:
    table = [(60, y, 540, y) for y in (760, 730, 700)] + [(x, 700, x, 760) for x in (60, 300, 540)]
    cells = [
        (70.0, 738.0, "任务"),
        (310.0, 738.0, "补助"),
        (70.0, 708.0, "新建茶园"),
        (310.0, 708.0, "800元"),
    ]
    lines = "".join(f"{a} {b} m {c} {d} l S\n" for a, b, c, d in table)
    [image] = pictures(make_pdf([cells], size=12, drawn=lines), skew=0)
    noise = Image.effect_noise((60, 30), 200)
    image.paste(noise, (1250, 350))
    text = read_bytes(saved(image.crop((0, 0, image.width, 500)), "PNG"), "a.png").text
    assert "新建茶园\t800元" in text


def broken(text: str) -> list[str]:
    return [text[at : at + 13] for at in range(0, len(text), 13)]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = broken(
        "一、茶园补助新建茶园每亩补助八百元由县农业农村局牵头县财政局配合每年三月底以前"
        "由乡镇政府集中申报经核查后在网上公示七天没有异议的由县财政局在六月底以前拨付完毕逾期不再受理。"
    )
    right = broken(
        "二、加工补助对购置加工设备的企业按照投资额的百分之十给予补助单个企业最高不超过"
        "五十万元由县工业和信息化局负责受理并会同有关部门组织现场核查核查结果作为拨付补助资金的依据。"
    )
    page = [(50.0, 780.0 - 28 * i, text) for i, text in enumerate(left)]
    page += [(310.0, 780.0 - 28 * i, text) for i, text in enumerate(right)]
    text = read_bytes(make_pdf([page]), "a.pdf").text
    assert text.split("\n") == ["".join(left), "".join(right)]
    cells = [(x, y, words) for x, y, words in page if x < 300] + [
        (310.0, 780.0 - 28 * i, words) for i, words in enumerate(["县财政局", "县工信局", "各乡镇"])
    ]
    assert "一、茶园补助新建茶园每亩补\t县财政局" in read_bytes(make_pdf([cells]), "a.pdf").text


def line(text: str, y: float, confidence: float, page: int = 1) -> PrintLine:
    return PrintLine(text, 60.0, 60.0 + 16 * len(text), y + 16, y, page, confidence)


def test_doubtful_lines_are_told_with_confidence_and_place() -> None:
    rows = [
        [line("一、奖励标准", 700, 0.99)],
        [line("对企业奖励5O万元。", 680, 0.61)],
        [line("期限为两年。", 660, 0.80)],
        [line("※", 640, 0.2)],
    ]
    text, findings = settle([rows], [1])
    assert text == "一、奖励标准\n对企业奖励5O万元。期限为两年。"
    assert [(f.severity, f.span.of(text) if f.span else None) for f in findings] == [
        ("note", None),
        ("warning", "对企业奖励5O万元。"),
        ("note", "期限为两年。"),
        ("note", None),
    ]
    assert "61%" in findings[1].message
    assert "※" in findings[3].message


def test_stray_traditional_characters_are_turned_back_in_simplified_text_only() -> None:
    plain = "各部门要加强组织领导，完善工作机制，落实补贴资金，及时总结经验，"
    text, _ = settle([[[line(plain * 2, 700, 0.9)], [line("強化服务，減轻负担。", 680, 0.9)]]], [1])
    assert text.endswith("强化服务，减轻负担。")
    old = "強化服務，減輕負擔，擴大開放，鼓勵創業。"
    assert settle([[[line(old, 700, 0.9)]]], [1])[0] == old
    assert settle([[[line(plain, 700, 1.0)], [line("強化服务。", 680, 1.0)]]], [])[0].endswith("強化服务。")


def test_page_numbers_in_words() -> None:
    assert numbers_of([1, 2, 3, 7, 9, 10]) == "第 1—3、7、9—10 页"


def refused(data: bytes, name: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_bytes(data, name)
    return caught.value


def test_pictures_that_cannot_be_read() -> None:
    whole = saved(shot(FIRST), "PNG")
    assert "没有认出文字" in refused(saved(Image.new("L", (600, 800), 255), "PNG"), "a.png").what
    assert "损坏" in refused(whole[:300], "a.png").what
    head = b"IHDR" + (40_000).to_bytes(4, "big") + (30_000).to_bytes(4, "big") + whole[24:29]
    huge = whole[:12] + head + zlib.crc32(head).to_bytes(4, "big") + whole[33:]
    assert "百万像素" in refused(huge, "a.png").what
    assert "内容不是 PNG" in refused(b"no picture at all", "a.png").what


def test_without_recognition_scans_are_refused_and_mixed_files_say_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("graph.knowledge.bundled", tuple)
    whole = pypdfium2.PdfDocument.new()
    for data in (make_pdf([FIRST]), scanned([shot(SECOND)], 150)):
        whole.import_pages(pypdfium2.PdfDocument(data))
    whole.save(tmp_path / "mixed.pdf")
    with monkeypatch.context() as without:
        without.setattr(ocr, "available", lambda: False)
        for data, name in ((saved(shot(FIRST), "PNG"), "a.png"), (scanned([shot(SECOND)], 150), "a.pdf")):
            error = refused(data, name)
            assert "make ocr" in error.remedy
        raw = read_bytes((tmp_path / "mixed.pdf").read_bytes(), "mixed.pdf")
        assert [f.rule for f in raw.findings] == [OCR_MISSING]
        assert "第 2 页" in raw.findings[0].message
        for outcome in ("added", "unchanged"):
            assert [row.outcome for row in ingest([tmp_path / "mixed.pdf"], tmp_path / "s").rows] == [outcome]
    # Installed since: what was left out is read now.
    rows = ingest([tmp_path / "mixed.pdf"], tmp_path / "s").rows
    assert [(row.outcome, row.clauses) for row in rows] == [("replaced", 4)]


def test_recognition_fetches_nothing() -> None:
    code = (
        "import socket, numpy\n"
        "def never(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = never\n"
        "from ingest.readers import ocr\n"
        "engine = ocr._engine()\n"
        "[load() for load in (engine._load_det_model, engine._load_rec_model, engine._load_cls_model)]\n"
        "print(ocr.recognise(numpy.full((200, 300, 3), 255, numpy.uint8), 1, 1.0, 'a'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_nothing_of_it_is_imported_before_a_picture_comes() -> None:
    code = (
        "import sys, ui.cli, ui.commands.keeping, ui.intake, ui.intake.incoming\n"
        "from ingest.readers import read_bytes\n"
        "read_bytes('一、总则'.encode(), 'a.txt')\n"
        "print(sorted({'rapidocr', 'onnxruntime', 'cv2', 'PIL', 'http.client'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.strip() == "[]"
