"""Starts ministack with the extension: python -m extension <work folder>, from the folder local/. Ends when its parent
does, and takes the folder with it: whoever started it can no longer."""
import os
import shutil
import signal
import sys
import threading
import time

import ministack.app as ms

from . import (absent_services, alarms, authorization, budget_actions, control, deletion_protection,  # noqa: F401
               dynamodb_keys, event_buses, functions, iam_limits, iam_paging, insights, legacy_models, logs, mails,
               metrics, models, organization_policies, policy_versions, resource_types, ses_mails, shared_objects,
               stack_set_type, streams, template_conditions, unique_names)

PARENT = os.getppid()
WORK_FOLDER = sys.argv.pop(1)


def end_with_parent():
    """An orphan is given to another process: whoever started this is gone, however it ended."""
    while os.getppid() == PARENT:
        time.sleep(0.5)
    # Others whose parent it was, such as a deploy that writes into the folder, notice it within this time.
    time.sleep(1)
    # The workers of the functions are in this process's group, and would write on.
    shutil.rmtree(WORK_FOLDER, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


authorization.install()
threading.Thread(target=end_with_parent, daemon=True).start()
ms.main()
