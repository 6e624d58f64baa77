"""What production settings promise."""

import pytest
from django.test import Client


def test_process_is_alive(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_ready_names_both_servers(client: Client) -> None:
    assert client.get("/readyz").json() == {"database": True, "redis": True}
