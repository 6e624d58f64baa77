"""Pages of the school (list, making, one statement), of the office (queue, review) and of Pusdatin (release)."""
