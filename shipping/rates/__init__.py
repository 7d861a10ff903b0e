"""Shipping methods: zones, weight and total bands, the free threshold."""
