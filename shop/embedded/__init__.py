"""Services for one machine: PostgreSQL, Redis, the payment sandbox, and the supervisor that runs the shop beside them."""
