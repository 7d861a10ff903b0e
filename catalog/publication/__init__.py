"""When a product is in the shop: shown, scheduled, ended, archived. One definition, judged at read."""
