"""Pictures: checked, stored once by content, rendered in the sizes and formats that pages ask for."""
