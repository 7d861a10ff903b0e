"""How the queue's broker is asked: briefly, for PostgreSQL holds what must be done."""

TRANSPORT_OPTIONS: dict[str, float | bool] = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "retry_on_timeout": False,
    # A shopper never waits for the queue: one try, then the relay finds the row.
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
