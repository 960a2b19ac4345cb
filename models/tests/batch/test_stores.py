"""gs:// and az:// as source and target, against servers that speak their protocols."""

from __future__ import annotations

import logging
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from foretrack.batch.fetching import local_copy
from foretrack.batch.sources import find_clips
from foretrack.batch.storage import Store
from foretrack.dataset import Target

from .conftest import QUICK, Command, until


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    pytest.importorskip("gcsfs")
    emulator = pytest.importorskip("gcp_storage_emulator.server")
    _refuse_what_exists(monkeypatch)
    # It tells at every call that there are no credentials, which the emulator wants none of.
    logging.getLogger("gcsfs").setLevel(logging.ERROR)
    port = _free_port()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
    with emulator.create_server("127.0.0.1", port, in_memory=True, default_bucket="bucket"):
        yield "gs://bucket"


def _refuse_what_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Google's precondition `ifGenerationMatch=0`, which the emulator does not know: a file that is
    there is not written over."""
    from gcp_storage_emulator.exceptions import NotFound
    from gcp_storage_emulator.handlers import objects

    upload, lock = objects._multipart_upload, threading.Lock()

    def checked(request, response, storage):  # type: ignore[no-untyped-def]
        with lock:
            if request.query.get("ifGenerationMatch") == ["0"]:
                try:
                    storage.get_file_obj(
                        request.params["bucket_name"], request.data["meta"].get("name")
                    )
                    response.status = HTTPStatus.PRECONDITION_FAILED
                    return None
                except NotFound:
                    pass
            return upload(request, response, storage)

    monkeypatch.setattr(objects, "_multipart_upload", checked)


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    pytest.importorskip("adlfs")
    program = shutil.which("azurite-blob")
    if program is None:
        pytest.skip("needs Microsoft's emulator: npm install -g azurite (360 MB)")
    import fsspec

    port = _free_port()
    words = ["--inMemoryPersistence", "--blobPort", str(port), "--skipApiVersionCheck", "--silent"]
    server = subprocess.Popen([program, *words], stdout=subprocess.DEVNULL)
    # The account that the emulator's documentation names.
    key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    account = "devstoreaccount1"
    endpoint = f"http://127.0.0.1:{port}/{account}"
    monkeypatch.setenv(
        "AZURE_STORAGE_CONNECTION_STRING",
        f"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={key};"
        f"BlobEndpoint={endpoint};",
    )
    try:
        until(lambda: _answers(port))
        fsspec.filesystem("az", skip_instance_cache=True).mkdir("bucket")
        yield "az://bucket"
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("kind", ["google", "azure"])
def test_a_store_is_source_and_target(
    kind: str,
    request: pytest.FixtureRequest,
    batch: Callable[..., Command],
    clips: list[Path],
    tmp_path: Path,
) -> None:
    url = request.getfixturevalue(kind)
    store = Store(f"{url}/clips")
    assert store.create("claim", b"1") and not store.create("claim", b"2")
    assert store.read("claim") == b"1" and store.read("none") is None
    store.write("claim", b"3")
    assert store.read("claim") == b"3"
    store.remove("claim")
    store.remove("claim")
    assert list(store.list("")) == []

    for path in clips[:2]:
        store.write_file(path.name, path)
    found = find_clips([f"{url}/clips"])
    assert [clip.url.rsplit("/", 1)[-1] for clip in found] == [path.name for path in clips[:2]]
    # What a file's change shows by.
    assert all(clip.version for clip in found)
    copy, _, size = local_copy(found[0].url, tmp_path / "here", lambda: None)
    assert size == clips[0].stat().st_size and copy.read_bytes() == clips[0].read_bytes()

    words = [f"{url}/clips", "--out", f"{url}/out", *QUICK, "--make", "tracks", "--workers", "1"]
    command = batch(*words)
    assert command.end() == 0, command.errors
    samples = Target.open(f"{url}/out").samples("tracks")
    assert len(samples) == 2
    assert all(sample.arrays()["query_xy_n2"].shape == (390, 2) for sample in samples)
    again = batch(*words)
    assert again.end() == 0
    assert "2 of them done before" in again.errors
