"""Quizzes: items with their marking, memory, exchange and statistics."""

from bot.quiz.bank import Bank
from bot.quiz.learner import Learner
from bot.quiz.quiz import Quiz
from bot.quiz.request import Requests, Wanted
from bot.quiz.step import Step
from bot.quiz.words import QuizWords

__all__ = ["Bank", "Learner", "Quiz", "QuizWords", "Requests", "Step", "Wanted"]
