"""How far markers agree."""

from bot.agreement.kappa import ENOUGH, LEAST, Agreement, agreement, is_advisory

__all__ = ["ENOUGH", "LEAST", "Agreement", "agreement", "is_advisory"]
