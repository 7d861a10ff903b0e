"""From paid order to parcel: shipments opened per location, picked, dispatched whole or in part, cancelled."""
