"""Drains the queue of Veriff's user-defined statuses into an SQLite file. Needs Python 3.9 and boto3."""

import argparse
import json
import re
import signal
import sqlite3
from datetime import datetime, timedelta, timezone

import boto3

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS handled (event_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS latest (
    attempt_id TEXT PRIMARY KEY,
    status_code TEXT NOT NULL,
    created_at TEXT NOT NULL,
    changes INTEGER NOT NULL
);
"""
REPLACE = """
INSERT INTO latest (attempt_id, status_code, created_at, changes) VALUES (?, ?, ?, 1)
ON CONFLICT (attempt_id) DO UPDATE SET
    status_code = excluded.status_code, created_at = excluded.created_at, changes = changes + 1
"""
# datetime refuses what no calendar or clock has: 30 February, hour 24, second 60.
TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?"
    r"(?:Z| ?([+-])([01]\d|2[0-3])(?::?([0-5]\d))?)",
    re.ASCII,
)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def nanoseconds(time):
    """Nanoseconds since 1970. datetime keeps microseconds only, and the contract allows nanoseconds."""
    match = TIME.fullmatch(time)
    if match is None:
        raise ValueError("createdAt: expected an ISO 8601 time with Z or an offset")
    *parts, fraction, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    local = datetime(*map(int, parts), tzinfo=timezone.utc)
    since_epoch = local - EPOCH + (offset if sign == "-" else -offset)
    return (since_epoch // timedelta(seconds=1)) * 10**9 + int((fraction or "").ljust(9, "0"))


def read(message):
    """The event's id and payload; what doesn't follow the contract raises, and so ends in the dead-letter queue."""
    event = json.loads(message["Body"])
    if event["eventType"] != "user-status.created":
        raise ValueError("eventType: expected user-status.created")
    return message["MessageAttributes"]["eventId"]["StringValue"], event


def apply(database, event_id, event):
    """Returns 'applied', 'duplicate' or 'stale'. All in one transaction: a failure leaves nothing behind."""
    status = event["data"]["verification"]["userDefinedData"]
    attempt_id, created_at = event["attemptId"], status["createdAt"]
    with database:
        # IMMEDIATE: two processes that read before they write would both find theirs the newest.
        database.execute("BEGIN IMMEDIATE")
        if database.execute("INSERT OR IGNORE INTO handled VALUES (?)", (event_id,)).rowcount == 0:
            return "duplicate"
        held = database.execute("SELECT created_at FROM latest WHERE attempt_id = ?", (attempt_id,)).fetchone()
        if held is not None and nanoseconds(created_at) <= nanoseconds(held[0]):
            return "stale"
        nanoseconds(created_at)  # A first status is checked, too: it is what later ones are compared with.
        database.execute(REPLACE, (attempt_id, status["statusCode"], created_at))
        # Your own changes go here: they are made together with the rest, or not at all.
        return "applied"


def log(**entry):
    print(json.dumps(entry), flush=True)


def handle(sqs, database, message, options):
    try:
        event_id, event = read(message)
        outcome = apply(database, event_id, event)
    except Exception as error:
        # The type only: some messages of Python quote the payload, which holds personal data.
        log(outcome="failed", messageId=message["MessageId"], error=type(error).__name__)
        if options.retry_after is not None:
            sqs.change_message_visibility(
                QueueUrl=options.queue_url,
                ReceiptHandle=message["ReceiptHandle"],
                VisibilityTimeout=options.retry_after,
            )
        return
    sqs.delete_message(QueueUrl=options.queue_url, ReceiptHandle=message["ReceiptHandle"])
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
        received = sqs.receive_message(
            QueueUrl=options.queue_url,
            # On a FIFO queue one by one, so that nothing overtakes a message that failed.
            MaxNumberOfMessages=1 if options.queue_url.endswith(".fifo") else 10,
            MessageAttributeNames=["eventId"],
            WaitTimeSeconds=5,
        )
        for message in received.get("Messages", []):
            handle(sqs, database, message, options)
    database.close()
    log(outcome="stopped")


if __name__ == "__main__":
    main()
