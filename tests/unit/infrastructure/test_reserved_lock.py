from concurrent.futures import ThreadPoolExecutor

import pytest

from day23.domain.errors import LockedError
from day23.infrastructure.locks import exclusive_lock, refuse_when_locked, reserved_lock


@pytest.fixture
def lock(tmp_path):
    return tmp_path / "job.lock"


def test_the_work_takes_the_reservation_up_once(lock):
    with reserved_lock(lock, "export"), exclusive_lock(lock, "export"):
        with pytest.raises(LockedError), exclusive_lock(lock, "export again"):
            pass
        with pytest.raises(LockedError):
            refuse_when_locked(lock, "look")


def test_work_after_work_finds_the_reservation_again(lock):
    with reserved_lock(lock, "export"):
        for _ in range(2):
            with exclusive_lock(lock, "export"):
                pass
        with pytest.raises(LockedError):
            refuse_when_locked(lock, "look")
    refuse_when_locked(lock, "look")


def test_another_flow_of_control_is_refused(lock):
    def elsewhere():
        with exclusive_lock(lock, "export"):
            pass

    with reserved_lock(lock, "export"), ThreadPoolExecutor(1) as pool, pytest.raises(LockedError):
        pool.submit(elsewhere).result()


def test_a_reservation_is_refused_while_the_work_runs_elsewhere(lock):
    holder = exclusive_lock(lock, "export")
    with holder, pytest.raises(LockedError, match="another run"), reserved_lock(lock, "export"):
        pass
