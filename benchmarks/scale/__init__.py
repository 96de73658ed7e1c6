"""How the service grows: invented notices of many counties, and what reading and asking them cost."""
