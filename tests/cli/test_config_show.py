"""`sonica config show`: every setting, what it is, and where that comes from."""

import pytest
from tests.conftest import CommandLine

USUAL = ["cors_origins", "rate_limit", "trusted_proxies", "engines", "cache_memory", "redis_url"]
OBJECTS = ["ingest_prefixes", "objects_url", "audio_url", "web"]
S3 = {
    "s3_endpoint": "AWS_ENDPOINT_URL",
    "s3_region": "AWS_REGION",
    "s3_key": "AWS_ACCESS_KEY_ID",
    "s3_secret": "AWS_SECRET_ACCESS_KEY",
    "s3_token": "AWS_SESSION_TOKEN",
}
"""Settings of the service that only variables set."""
CACHES = ("SONICA_CACHE_MEMORY", "REDIS_URL")


def test_showing_everything(sonica: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "SONICA_MATCH_AT",
        "SONICA_UNSURE_AT",
        "SONICA_LONGEST_MINUTES",
        "DATABASE_URL",
        "SONICA_ENGINES",
        "OBJECTS_URL",
        "SONICA_INGEST_PREFIXES",
        "SONICA_AUDIO_URL",
        "SONICA_WEB",
        *S3.values(),
        *CACHES,
    ):
        monkeypatch.delenv(name, raising=False)
    names = ["home", "match_at", "unsure_at", "longest_minutes", "database_url", *USUAL, "ingest_folders"]
    names += [*OBJECTS, *S3]
    usual = sonica("config", "show", "--json").lines
    assert not sonica.home.exists()  # asking leaves no trace
    assert [one["name"] for one in usual] == names
    assert [one["source"] for one in usual] == ["environment", *["default"] * (len(names) - 1)]
    assert all(one["value"] == one["default"] for one in usual[1:])
    assert usual[3]["value"] == 120
    assert usual[4]["value"] is None
    sonica("config", "set", "match_at", "0.95")
    monkeypatch.setenv("SONICA_LONGEST_MINUTES", "90.5")
    monkeypatch.setenv("SONICA_UNSURE_AT", "0.25")
    monkeypatch.setenv("SONICA_INGEST_FOLDERS", "/srv/music")
    monkeypatch.setenv("SONICA_ENGINES", "unix:/run/a.sock, 127.0.0.1:7000")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:open-sesame@there:5433/songs?password=open-sesame")
    lines = {one["name"]: one for one in sonica("config", "show", "--json").lines}
    assert lines["engines"]["value"] == "unix:/run/a.sock,127.0.0.1:7000"
    told = {name: (lines[name]["value"], lines[name]["where"]) for name in [*names[:5], "ingest_folders"]}
    assert told == {
        "home": (str(sonica.home), "SONICA_HOME"),
        "match_at": (0.95, str(sonica.home / "config.toml")),
        "unsure_at": (0.25, "SONICA_UNSURE_AT"),
        "longest_minutes": (90.5, "SONICA_LONGEST_MINUTES"),
        "database_url": ("postgresql://me:***@there:5433/songs", "DATABASE_URL"),
        "ingest_folders": ("/srv/music", "SONICA_INGEST_FOLDERS"),
    }
    ran = sonica("config", "show")
    assert (ran.status, ran.err) == (0, "")
    assert [line.split()[:3] for line in ran.out.splitlines() if line.split()[0] in told] == [
        ["home", str(sonica.home), "SONICA_HOME"],
        ["match_at", "0.95", "config.toml"],
        ["unsure_at", "0.25", "SONICA_UNSURE_AT"],
        ["longest_minutes", "90.5", "SONICA_LONGEST_MINUTES"],
        ["database_url", "postgresql://me:***@there:5433/songs", "DATABASE_URL"],
        ["ingest_folders", "/srv/music", "SONICA_INGEST_FOLDERS"],
    ]
    monkeypatch.setenv("DATABASE_URL", "open-sesame")
    assert "open-sesame" not in sonica("config", "show").out
    assert "open-sesame" not in sonica("migrate").err
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("OBJECTS_URL", "s3://music/sonica/")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "open-sesame")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "open-sesame")
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    lines = {one["name"]: one for one in sonica("config", "show", "--json").lines}
    assert [lines[name]["value"] for name in ("objects_url", *S3)] == [
        *("s3://music/sonica", "none", "ap-south-1", "none", "***", "***")
    ]
    assert "open-sesame" not in sonica("config", "show").out
    for said, shown in [
        ("http://ceph.internal:7480", "http://ceph.internal:7480"),
        ("http://me:open-sesame@ceph.internal:7480", "http://***@ceph.internal:7480"),
        ("me:open/sesame@ceph.internal", "***@ceph.internal"),
    ]:
        monkeypatch.setenv("AWS_ENDPOINT_URL", said)
        assert shown in sonica("config", "show").out.split()
    for said, shown in [
        ("redis://there:6379/0", "redis://there:6379/0"),
        ("rediss://me:open-sesame@there/0?password=open-sesame", "rediss://***@there/0"),
        ("unix://me:open-sesame@/run/redis.sock?db=1", "unix://***@/run/redis.sock"),
    ]:
        monkeypatch.setenv("REDIS_URL", said)
        assert shown in sonica("config", "show").out.split()
    monkeypatch.setenv("REDIS_URL", "http://me:open-sesame@there?open-sesame")
    assert "REDIS_URL is 'http://***@there', which is not allowed." in sonica("config", "show").err
    assert "open-sesame" not in sonica("config", "show").err
    monkeypatch.delenv("REDIS_URL")
    monkeypatch.setenv("SONICA_AUDIO_URL", "https://me:open-sesame@cdn.example")
    assert "SONICA_AUDIO_URL is 'https://***@cdn.example', which" in sonica("config", "show").err
    monkeypatch.delenv("SONICA_AUDIO_URL")
    monkeypatch.setenv("OBJECTS_URL", "s3://a-key:open-sesame@music")
    ran = sonica("config", "show")
    assert ran.status == 1
    assert "OBJECTS_URL names no place for objects" in ran.err
    assert "open-sesame" not in ran.err + ran.out


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("SONICA_LONGEST_MINUTES", "0"),
        ("SONICA_MATCH_AT", "high"),
        ("SONICA_UNSURE_AT", "much"),
        ("SONICA_CORS_ORIGINS", "songs.example"),
        ("SONICA_RATE_LIMIT", "0/15m"),
        ("SONICA_RATE_LIMIT", "many"),
        ("SONICA_TRUSTED_PROXIES", "*"),
        ("SONICA_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("SONICA_CORS_ORIGINS", "*,http://a"),
        ("SONICA_AUDIO_URL", "cdn.example"),
        ("SONICA_CACHE_MEMORY", "64"),
        ("SONICA_CACHE_MEMORY", "0M"),
        ("SONICA_CACHE_MEMORY", "1T"),
        ("REDIS_URL", "there:6379"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "redis://there/songs"),
    ],
)
def test_showing_what_is_not_allowed(
    sonica: CommandLine, monkeypatch: pytest.MonkeyPatch, variable: str, said: str
) -> None:
    monkeypatch.setenv(variable, said)
    ran = sonica("config", "show")
    assert ran.status == 1
    assert f"{variable} is {said!r}, which is not allowed." in ran.err
