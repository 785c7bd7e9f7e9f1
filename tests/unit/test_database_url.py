"""Connections to PostgreSQL end when nobody answers, unless their URL says otherwise."""

from __future__ import annotations

import psycopg.conninfo
import pytest
import sqlalchemy as sa

from affiche.database import patient


@pytest.mark.parametrize("url", ["postgresql://a:p%40ss@db.example/affiche", "postgresql://postgres:@/postgres?host=/tmp/a b/data", "postgresql+psycopg://a@h:6432/d?sslmode=require"])
def test_limits_are_added_and_what_the_url_says_stays(url: str) -> None:
    before, after = sa.make_url(url), sa.make_url(patient(url))
    assert (after.username, after.password, after.host, after.port, after.database) == (before.username, before.password, before.host, before.port, before.database)
    assert before.query.items() <= after.query.items()
    limits = psycopg.conninfo.conninfo_to_dict(patient(url).replace("+psycopg", ""))
    assert (limits["tcp_user_timeout"], limits["keepalives_idle"], limits["connect_timeout"]) == ("20000", "15", "10")


def test_a_limit_of_the_url_wins_and_several_hosts_stay_several() -> None:
    url = patient("postgresql:///d?host=one&host=two&tcp_user_timeout=900")
    assert url.count("&tcp_user_timeout=") == url.count("&tcp_user_timeout=900&") == 1
    assert "host=one&host=two" in url
    assert psycopg.conninfo.conninfo_to_dict(patient("postgresql:///d?options="))["options"] == "", "for a pool that takes none"
    assert patient(url) == url


def test_sqlite_has_no_network() -> None:
    assert patient("sqlite:///a/b.db") == "sqlite:///a/b.db"
    assert patient("") == ""
