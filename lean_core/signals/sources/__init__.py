"""Read numbers from where they are: one module for each kind of telemetry."""
