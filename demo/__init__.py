"""A made-up district: places, people, matters and pictures for trying the platform out."""
