"""Engine: durable runs over many machines. Empty until there is a service; a build on one machine needs none (`steps.py`)."""
