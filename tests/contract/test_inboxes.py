"""Ways in: the same files from a folder, a shared folder and a bucket; notices of a bucket through a real queue, with dead letters."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import sqlalchemy as sa

from affiche import inlets, wire
from affiche.errors import NotFound, StorageError, TooLarge, UsageError
from affiche.ingest import arrive, ways
from affiche.ingest.aside import Aside
from affiche.ingest.dock import Dock
from affiche.ports import Inbox
from affiche.registry.open import Registry
from affiche.registry.scope import HOME_TENANT, Scope
from affiche.registry.tables.material import assets, brands
from affiche.registry.tables.work import campaign_revisions, campaigns, runs
from affiche.settings import Settings
from affiche.values.digest import digest_bytes
from tests.contract.kit_registry import ready
from tests.contract.kit_servers import moto
from tests.flow.kit_build import write_can

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

BRIEF = """\
affiche: 1
campaign: drop
brand: brand.yaml
message: {locale: en-US, headline: Wake up the afternoon, cta: Find a can}
markets: [{region: US, locales: [en-US]}]
products: [{id: yuzu, name: Yuzu, picture: assets/can.png}]
placements: [iab-medium-rectangle]
"""
BRAND = 'brand: 1\nname: Aurora House\ncolors: {primary: "#0B3D2E"}\nlogo: {file: assets/logo.svg}\n'
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#0b3d2e"/></svg>'


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    before = dict(os.environ)
    with moto(tmp_path_factory.mktemp("moto")) as url:
        os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-1", AWS_ENDPOINT_URL=url)
        yield url
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def aside() -> Iterator[Aside]:
    one = Aside()
    yield one
    one.close()


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", blob_store_plain_http=True)


@pytest.fixture
def dock(home: Settings, aside: Aside) -> Iterator[Dock]:
    registry = ready("", home.home)
    yield Dock(registry=registry, blobs=wire.blobs(Settings(home=home.home)), aside=aside, scope=Scope(tenant=HOME_TENANT, actor="ingest"))
    registry.close()


def files(tmp_path: Path) -> dict[str, bytes]:
    """What is put into inboxes: good files, and bad ones among them."""
    write_can(tmp_path / "x.png", (200, 40, 40))
    can = (tmp_path / "x.png").read_bytes()
    record = f'sha256 = "{digest_bytes(can)}"\nrights = "Web"\nsource = "Nord"\ngenerated = false\nimported = 2026-01-01\nuntil = 2027-06-30\n'
    return {
        "summer.yaml": BRIEF.encode(), "brand.yaml": BRAND.encode(), "assets/can.png": can, "assets/logo.svg": LOGO,
        "assets/can.png.rights.toml": record.encode(), "again/same.png": can, "bad/cut off.png": can[: len(can) // 2],
        "bad/virus.png": b"MZ\x90\x00" + bytes(100), "bad/broken.yaml": b"affiche: 1\ncampaign: [", "notes.txt": b"hello",
    }  # fmt: skip


@pytest.fixture(params=["folder", "file", "s3"])
def inbox(request: pytest.FixtureRequest, tmp_path: Path, home: Settings) -> Inbox:
    if request.param == "s3":
        request.getfixturevalue("aws")
        bucket = f"drop-{tmp_path.name.replace('_', '-').lower()}"[:60]
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket=bucket)
        for name, data in files(tmp_path).items():
            s3.put_object(Bucket=bucket, Key=f"in/{name}", Body=data)
        s3.put_object(Bucket=bucket, Key="other/out.png", Body=b"x")
        return ways.inbox_of(f"s3://{bucket}/in", home)
    for name, data in files(tmp_path).items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    if request.param == "file":
        return ways.inbox_of(f"file://{tmp_path / 'in'}", home)
    (tmp_path / "in" / "link.png").symlink_to("/etc/passwd")
    (tmp_path / "in" / ".hidden.png").write_bytes(b"x")
    return ways.inbox_of(str(tmp_path / "in"), home, settle_s=0)


def test_an_inbox_is_listed_and_read(inbox: Inbox, tmp_path: Path) -> None:
    wanted = files(tmp_path)
    assert {file.name: file.size for file in inbox.listed()} == {name: len(data) for name, data in wanted.items()}
    assert inbox.read("assets/can.png", max_bytes=10**6) == wanted["assets/can.png"]
    assert inbox.find("assets/can.png") in list(inbox.listed())
    assert inbox.find("nothing.png") is None
    with pytest.raises(NotFound):
        inbox.read("nothing.png", max_bytes=10)
    for name in ("../secret", "assets/../../x"):
        with pytest.raises((NotFound, StorageError)):
            inbox.read(name, max_bytes=10)
    with pytest.raises(TooLarge):
        inbox.read("assets/can.png", max_bytes=10)


def rows(registry: Registry, table: sa.Table) -> list[dict]:
    with registry.read() as c:
        return [dict(row._mapping) for row in c.execute(sa.select(table))]


def test_everything_comes_in_once_and_what_is_bad_is_told(inbox: Inbox, dock: Dock, tmp_path: Path) -> None:
    became = {row["name"]: row for row in arrive.all_of(dock, inbox)}
    assert {name: row["state"] for name, row in became.items()} == {
        "assets/can.png": "known", "again/same.png": "taken", "assets/logo.svg": "taken", "summer.yaml": "taken",
        "bad/cut off.png": "refused", "bad/virus.png": "refused", "bad/broken.yaml": "refused", "notes.txt": "refused",
    }  # fmt: skip
    assert all(became[name]["reason"] for name in ("bad/cut off.png", "bad/virus.png", "bad/broken.yaml", "notes.txt"))
    (campaign,) = rows(dock.registry, campaigns)
    assert campaign["slug"] == "drop"
    (brand,) = rows(dock.registry, brands)
    assert (brand["slug"], campaign["brand"]) == ("aurora-house", brand["id"])
    (revision,) = rows(dock.registry, campaign_revisions)
    assert revision["assets"] == [f"{became['assets/can.png']['asset']}.png"]
    assert len(rows(dock.registry, runs)) == 1
    assert list(arrive.all_of(dock, inbox)) == []
    assert len(rows(dock.registry, assets)) == 2


def test_rights_beside_a_picture_come_in_with_it(inbox: Inbox, dock: Dock, tmp_path: Path) -> None:
    file = inbox.find("assets/can.png")
    assert file is not None and arrive.one(dock, inbox, file)["state"] == "taken"  # type: ignore[index]
    (row,) = rows(dock.registry, assets)
    assert (row["rights"]["licence"], row["rights"]["source"]) == ("Web", "Nord")
    assert row["rights_expire_at"].isoformat() == "2027-07-01T00:00:00+00:00"


def test_a_changed_file_is_a_new_version_and_a_changed_brief_a_new_revision(dock: Dock, tmp_path: Path) -> None:
    place = tmp_path / "in"
    for name, data in files(tmp_path).items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    inbox = inlets.folder_inbox(place)
    list(arrive.all_of(dock, inbox))
    write_can(place / "assets" / "can.png", (20, 40, 200))
    (place / "assets" / "can.png.rights.toml").unlink()
    (place / "summer.yaml").write_text(BRIEF.replace("Find a can", "Find yours"))
    became = {row["name"]: row for row in arrive.all_of(dock, inbox)}
    assert {name: row["state"] for name, row in became.items()} == {"assets/can.png": "taken", "summer.yaml": "taken"}
    newest = max(rows(dock.registry, assets), key=lambda row: row["version"])
    assert (newest["version"], newest["id"]) == (2, became["assets/can.png"]["asset"])
    (campaign,) = rows(dock.registry, campaigns)
    assert campaign["revision"] == 2


def test_a_brief_waits_for_what_it_names(dock: Dock, tmp_path: Path) -> None:
    place, all_files = tmp_path / "in", files(tmp_path)
    place.mkdir()
    (place / "summer.yaml").write_bytes(all_files.pop("summer.yaml"))
    inbox = inlets.folder_inbox(place)
    (row,) = arrive.all_of(dock, inbox)
    assert (row["state"], row["campaign"]) == ("failed", "") and "assets/can.png" in row["reason"]
    for name, data in all_files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    assert {row["name"]: row["state"] for row in arrive.all_of(dock, inbox)}["summer.yaml"] == "taken"


def test_nothing_outside_an_inbox_can_be_named(dock: Dock, tmp_path: Path) -> None:
    place = tmp_path / "in"
    place.mkdir()
    (tmp_path / "secret.png").write_bytes(files(tmp_path)["assets/can.png"])
    for path in ("../secret.png", str(tmp_path / "secret.png"), "a/../../secret.png"):
        (place / "b.yaml").write_text(BRIEF.replace("brand: brand.yaml", "brand: {name: A}").replace("assets/can.png", path))
        (row,) = arrive.all_of(dock, inlets.folder_inbox(place))
        assert row["state"] in ("failed", "refused"), path
    assert rows(dock.registry, assets) == []


# -- a queue --------------------------------------------------------------------------------------------------------------


def queue_of(bucket: str) -> tuple[str, str]:
    """A bucket that tells a queue of what is put under in/, and the queue of its dead letters."""
    s3, sqs = boto3.client("s3"), boto3.client("sqs")
    s3.create_bucket(Bucket=bucket)
    dead = sqs.create_queue(QueueName=f"{bucket}-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
    main = sqs.create_queue(QueueName=f"{bucket}-new", Attributes={"RedrivePolicy": policy, "VisibilityTimeout": "0"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=main, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    told = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [told]})
    return main, dead


def drained(dock: Dock, url: str, inbox: Inbox, turns: int = 12) -> dict[str, dict]:
    became: dict[str, dict] = {}
    for _ in range(turns):
        became |= {row["name"]: dict(row) for row in ways.heard(dock, inlets.queue(url), inbox, wait_s=0)}
    return became


@pytest.mark.logs
def test_a_queue_brings_in_what_it_tells_of_and_dead_letters_come_back(
    aws: str, dock: Dock, home: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url, dead = queue_of("told")
    s3, sqs, all_files = boto3.client("s3"), boto3.client("sqs"), files(tmp_path)
    inbox = ways.inbox_of("s3://told/in", home)
    s3.put_object(Bucket="told", Key="in/summer.yaml", Body=all_files["summer.yaml"])
    s3.put_object(Bucket="told", Key="in/a b+ü.png", Body=all_files["assets/can.png"])
    sqs.send_message(QueueUrl=url, MessageBody="no JSON")
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "theirs"}, "object": {"key": "x"}}}]}))
    first = drained(dock, url, inbox)
    assert first["a b+ü.png"]["state"] == "taken"
    assert first["summer.yaml"]["state"] == "failed"  # what it names has not come yet

    def waiting(queue: str) -> int:
        return int(sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]["ApproximateNumberOfMessages"])

    assert (waiting(url), waiting(dead)) == (0, 3)
    for name in ("brand.yaml", "assets/can.png", "assets/logo.svg"):
        s3.put_object(Bucket="told", Key=f"in/{name}", Body=all_files[name])
    assert inlets.queue(url).redrive() == 3
    assert drained(dock, url, inbox)["summer.yaml"]["state"] == "taken"
    assert len(rows(dock.registry, campaigns)) == 1
    assert drained(dock, url, inbox) == {}  # what no notice of ours is, is dead again, and nothing else happens
    assert waiting(dead) == 2
    assert {record.getMessage().partition(":")[0] for record in caplog.records} == {"a message of the queue is left for its dead letters"}


def test_a_queue_without_dead_letters_says_so(aws: str) -> None:
    url = boto3.client("sqs").create_queue(QueueName="plain")["QueueUrl"]
    with pytest.raises(UsageError):
        inlets.queue(url).redrive()


def test_ways_are_read_from_settings() -> None:
    assert ways.way_of("/srv/drop") == ways.Way(place="/srv/drop")
    assert ways.way_of("aurora=s3://b/in") == ways.Way(place="s3://b/in", brand="aurora")
    assert ways.way_of("aurora=https://sqs/1/q#s3://b/in") == ways.Way(place="s3://b/in", brand="aurora", queue="https://sqs/1/q")
    for wrong in ("https://sqs/1/q#/srv", "ftp://x#s3://b"):
        with pytest.raises(UsageError):
            ways.way_of(wrong)
