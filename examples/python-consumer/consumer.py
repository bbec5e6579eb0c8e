"""Drains the queue of Veriff's user-defined statuses into an SQLite file. Needs Python 3.9 and boto3."""

import argparse
import json
import re
import signal
import sqlite3
import time
from datetime import datetime, timedelta, timezone

import boto3
from botocore.exceptions import BotoCoreError, ClientError

RETRY_SECONDS = 5

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS statuses (
    event_id TEXT PRIMARY KEY,
    attempt_id TEXT NOT NULL,
    status_code TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_order TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_attempt ON statuses (attempt_id, created_order);
"""
NEWEST = "SELECT event_id FROM statuses WHERE attempt_id = ? ORDER BY created_order DESC, event_id DESC LIMIT 1"
# datetime refuses what no calendar or clock has: 30 February, hour 24, second 60.
TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?"
    r"(?:Z| ?([+-])([01]\d|2[0-3])(?::?([0-5]\d))?)",
    re.ASCII,
)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def nanoseconds(text):
    """Nanoseconds since 1970. datetime keeps microseconds only, and the contract allows nanoseconds."""
    match = TIME.fullmatch(text)
    if match is None:
        raise ValueError("createdAt: expected an ISO 8601 time with Z or an offset")
    *parts, fraction, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    local = datetime(*map(int, parts), tzinfo=timezone.utc)
    since_epoch = local - EPOCH + (offset if sign == "-" else -offset)
    return (since_epoch // timedelta(seconds=1)) * 10**9 + int((fraction or "").ljust(9, "0"))


def read(message):
    """The event's id and payload; what doesn't follow the contract raises, and so ends in the dead-letter queue."""
    # parse_int: Python refuses whole numbers of more than 4,300 digits, which JSON and the receiver allow.
    event = json.loads(message["Body"], parse_int=float)
    if event["eventType"] != "user-status.created":
        raise ValueError("eventType: expected user-status.created")
    return message["MessageAttributes"]["eventId"]["StringValue"], event


def keep(database, event_id, event):
    """Keeps every status. Returns 'current', 'older' (a newer one of its attempt is kept) or 'duplicate'."""
    status = event["data"]["verification"]["userDefinedData"]
    attempt_id, created_at = event["attemptId"], status["createdAt"]
    # A text that sorts as times do: SQLite's integers end in the year 2262.
    order = str(nanoseconds(created_at) + 10**20).rjust(21, "0")
    row = (event_id, attempt_id, status["statusCode"], created_at, order)
    # One transaction: a failure leaves nothing behind. IMMEDIATE: of two processes, one waits for the other.
    with database:
        database.execute("BEGIN IMMEDIATE")
        if database.execute("INSERT OR IGNORE INTO statuses VALUES (?, ?, ?, ?, ?)", row).rowcount == 0:
            return "duplicate"
        # Your own changes go here: they are made together with the rest, or not at all.
        newest = database.execute(NEWEST, (attempt_id,)).fetchone()[0]
        return "current" if newest == event_id else "older"


def log(**entry):
    print(json.dumps(entry), flush=True)


def tell(call, **parameters):
    """Calls SQS. It may be down, the credentials expired, or the receipt handle too old: all of them pass, or are logged."""
    try:
        return call(**parameters)
    except (BotoCoreError, ClientError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        log(outcome="sqs-failed", call=call.__name__, error=code)
        return None


def handle(sqs, database, message, options):
    try:
        event_id, event = read(message)
        outcome = keep(database, event_id, event)
    except Exception as error:
        # The type only: some messages of Python quote the payload, which holds personal data.
        log(outcome="failed", messageId=message["MessageId"], error=type(error).__name__)
        if options.retry_after is not None:
            tell(
                sqs.change_message_visibility,
                QueueUrl=options.queue_url,
                ReceiptHandle=message["ReceiptHandle"],
                VisibilityTimeout=options.retry_after,
            )
        return
    # A message that could not be deleted comes again, and is a duplicate then.
    tell(sqs.delete_message, QueueUrl=options.queue_url, ReceiptHandle=message["ReceiptHandle"])
    status_code = event["data"]["verification"]["userDefinedData"]["statusCode"]
    log(outcome=outcome, eventId=event_id, attemptId=event["attemptId"], statusCode=status_code)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queue-url", required=True, help="the receiver's output QueueUrl")
    parser.add_argument("--database", default="statuses.db", help="SQLite file (%(default)s)")
    parser.add_argument("--retry-after", type=int, help="seconds until a failed message comes again (default: the queue's)")
    options = parser.parse_args()

    stopping = False

    def stop(*_):
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)

    database = sqlite3.connect(options.database, isolation_level=None, timeout=5)
    database.executescript(SCHEMA)
    sqs = boto3.client("sqs")
    log(outcome="started", queueUrl=options.queue_url)
    while not stopping:
        # 5 and not 20 seconds: a receive under way is waited for when the service stops.
        received = tell(
            sqs.receive_message,
            QueueUrl=options.queue_url,
            # On a FIFO queue one by one, so that nothing overtakes a message that failed.
            MaxNumberOfMessages=1 if options.queue_url.endswith(".fifo") else 10,
            MessageAttributeNames=["eventId"],
            WaitTimeSeconds=5,
        )
        if received is None:
            time.sleep(RETRY_SECONDS)
            continue
        for message in received.get("Messages", []):
            handle(sqs, database, message, options)
    database.close()
    log(outcome="stopped")


if __name__ == "__main__":
    main()
