"""What we promise about speed, each promise with its yardstick measured in the same run."""
