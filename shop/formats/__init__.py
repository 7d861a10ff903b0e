"""How dates are written where nobody says otherwise: the 24-hour clock."""
