"""Runs custom actions in the server's own process, behind the interface of Rasa's action endpoint."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic

from bot.records import short_reason
from server.database import RecordsAwayError
from server.open_delivery import current_delivery


class InProcessActions(EndpointConfig):
    """An action endpoint without a network: same requests, same replies, no second server."""

    def __init__(self) -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> Any:
        try:
            return await self._executor.run(json)
        except ActionExecutionRejection as error:
            raise ClientResponseError(400, "rejected", f'{{"error": "rejected", "action_name": "{error.action_name}"}}') from error
        except ActionNotFoundException as error:
            raise ClientResponseError(404, "not found", str(error)) from error
        except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
            delivery = current_delivery.get()
            if delivery:  # Rasa goes on after a failed action; the inbox will tell the learner to come again
                delivery.away = RecordsAwayError(short_reason(error))
            raise


def _trust(_: RemoteAction, __: dict[str, Any]) -> bool:
    return True


async def use_in_process_actions(app: Sanic, _: Any) -> None:
    """Server listener, after the model is loaded."""
    # Half of each message's time went into checking our own actions' replies against a JSON schema, which our tests do better.
    RemoteAction._validate_action_result = _trust
    agent = app.ctx.agent
    agent.action_endpoint = InProcessActions()
    if agent.processor:
        agent.processor.action_endpoint = agent.action_endpoint
