"""What a buyer of digital goods may fetch: granted when paid, counted, ended by time, number, refund or staff."""
