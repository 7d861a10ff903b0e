"""Every lock of the house: found in the code, taken away for a moment, and missed."""
