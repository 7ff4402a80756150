"""Starts ministack with the extension: python -m extension, from the folder local/. Ends when its parent does."""
import os
import signal
import threading
import time

import ministack.app as ms

from . import (absent_services, authorization, budget_actions, control, functions, iam_limits, mails,  # noqa: F401
               metrics, models, resource_types)

PARENT = os.getppid()


def end_with_parent():
    """An orphan is given to another process: whoever started this is gone, however it ended."""
    while os.getppid() == PARENT:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)
    os._exit(1)


authorization.install()
threading.Thread(target=end_with_parent, daemon=True).start()
ms.main()
