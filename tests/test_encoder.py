"""The encoder: same vectors as sentence-transformers, without paying for it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from data import path
from qa.encoder import Encoder, EncoderError, SentenceTransformerEncoder, StaticEncoder, load_encoder

TEXTS = [
    "开面馆的个体户能领补贴吗？",
    "对符合条件的个体工商户给予一次性补助。",
    "企业招用应届高校毕业生，按每人1000元给予补贴。",
    "ＡＢＣ１２３ abc",
    "县",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(max_size=80), max_size=6))
def test_rows_have_length_one_or_zero_and_do_not_depend_on_the_batch(
    encoder: Encoder, texts: list[str]
) -> None:
    together = encoder.encode(texts)
    assert together.shape == (len(texts), encoder.dimensions)
    assert together.dtype == np.float32
    for row, text in zip(together, texts, strict=True):
        length = float(np.linalg.norm(row))
        assert length == 0 or length == pytest.approx(1, abs=1e-5)
        assert np.array_equal(encoder.encode([text])[0], row)


@pytest.mark.parametrize("text", ["", " ", "，。！", "\n"])
def test_text_without_words_gives_a_row_of_zeros(encoder: Encoder, text: str) -> None:
    assert not encoder.encode([text]).any()


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_two_loads_agree_in_name_and_vectors(encoder: Encoder) -> None:
    again = load_encoder(str(path("model")))
    assert again.name == encoder.name
    assert np.array_equal(again.encode(TEXTS), encoder.encode(TEXTS))


def test_width_and_case_do_not_matter(encoder: Encoder) -> None:
    wide, narrow = encoder.encode(["ＡＩ企业２０２５年", "ai企业2025年"])
    assert wide @ narrow == pytest.approx(1, abs=1e-5)


@pytest.mark.filterwarnings("ignore")  # torch and transformers warn about themselves
def test_same_vectors_as_sentence_transformers(encoder: Encoder) -> None:
    pytest.importorskip("sentence_transformers", reason="needs the models extra")
    other = SentenceTransformerEncoder(str(path("model")))
    assert other.dimensions == encoder.dimensions
    np.testing.assert_allclose(other.encode([*TEXTS, ""]), encoder.encode([*TEXTS, ""]), atol=1e-5)


def test_loading_the_bundled_model_imports_neither_torch_nor_transformers() -> None:
    program = (
        "import sys; from qa.encoder import load_encoder; load_encoder().encode(['补贴']); "
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'faiss'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("asked", "meant", "other"),
    [
        ("我想开个小店，政府给钱吗", "对首次创办的个体工商户给予创业补贴", "加强河道采砂的监督管理"),
        ("厂里没钱周转，银行不肯贷", "鼓励银行加大对中小企业的信贷支持", "落实义务教育阶段招生工作"),
        ("公司一直不发工资", "用人单位拖欠劳动报酬的，责令限期支付", "推进充电设施建设"),
        ("招刚毕业的学生有没有补贴", "吸纳高校毕业生就业的企业给予社会保险补贴", "严格畜禽养殖污染防治"),
        ("门面房租能不能少交点", "承租国有房屋的经营主体减免租金", "完善食品安全追溯制度"),
        ("老人住养老院有什么补助", "对养老机构给予运营补贴，发放高龄津贴", "支持企业开展技术改造"),
    ],
)
def test_everyday_words_find_official_ones(encoder: Encoder, asked: str, meant: str, other: str) -> None:
    question, near, far = encoder.encode([asked, meant, other])
    assert question @ near > question @ far + 0.1


def _folder(base: Path) -> Path:
    """Write a small model with a plain table under `base`."""
    tensors = load_file(path("model", "model.safetensors"))
    plain = tensors["embeddings"].astype(np.float32) * tensors["weights"][:, None]
    save_file({"embedding.weight": plain[:, :32].astype(np.float16)}, base / "model.safetensors")
    for name in ("tokenizer.json", "modules.json"):
        (base / name).write_bytes(path("model", name).read_bytes())
    return base


def test_a_folder_with_a_plain_table_is_read_too(tmp_path: Path) -> None:
    encoder = load_encoder(str(_folder(tmp_path)))
    assert isinstance(encoder, StaticEncoder)
    assert encoder.dimensions == 32
    assert encoder.name.startswith(tmp_path.name)
    assert np.linalg.norm(encoder.encode(["补贴"])) == pytest.approx(1, abs=1e-3)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"model\.safetensors is missing"):
        StaticEncoder.load(tmp_path)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_broken_file_is_named(tmp_path: Path, name: str) -> None:
    folder = _folder(tmp_path)
    (folder / name).write_bytes(b"broken")
    with pytest.raises(EncoderError, match=name.replace(".", r"\.")):
        StaticEncoder.load(folder)


def test_files_of_different_trainings_are_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    save_file({"embedding.weight": np.zeros((5, 4), dtype=np.float32)}, folder / "model.safetensors")
    with pytest.raises(EncoderError, match="different trainings"):
        StaticEncoder.load(folder)


def test_the_bundled_model_is_small_and_eight_bit() -> None:
    assert sum(file.stat().st_size for file in path("model").rglob("*") if file.is_file()) < 30_000_000
    assert load_file(path("model", "model.safetensors"))["embeddings"].dtype == np.int8
    assert json.loads(path("model", "modules.json").read_text())[0]["type"].endswith("StaticEmbedding")
