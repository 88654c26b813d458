"""A Redis cache for public pages that works without Redis: then pages are rendered for every visitor."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

from django.core.cache.backends.redis import RedisCache
from redis import RedisError

logger = logging.getLogger(__name__)

# After a failure, Redis is not asked again for this many seconds.
PAUSE_SECONDS: Final = 5.0


class OptionalRedisCache(RedisCache):
    """Finds and stores nothing while Redis does not answer, instead of raising; logs it."""

    asked_again_at = 0.0

    def get(self, *args: Any, **kwargs: Any) -> Any:
        default = kwargs.get("default", args[1] if len(args) > 1 else None)
        return self._or(default, super().get, *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._or(None, super().set, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._or(1, super().add, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._or(1, super().incr, *args, **kwargs)

    def _or(self, otherwise: Any, ask: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if monotonic() < OptionalRedisCache.asked_again_at:
            return otherwise
        try:
            return ask(*args, **kwargs)
        except RedisError as error:
            OptionalRedisCache.asked_again_at = monotonic() + PAUSE_SECONDS
            logger.warning("Redis does not answer, public pages are not cached: %s", error)
            return otherwise
