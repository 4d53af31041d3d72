#!/usr/bin/env python3
"""Checks iCalendar files with the packages icalendar and python-dateutil, which share no code with ours.

    python3 -m pip install icalendar python-dateutil tzdata
    python3 check_ics.py FILE.ics...

Prints one line for each thing that is wrong and exits with 1 if there is any.

Checked are the form (UTF-8, CRLF, lines of at most 75 octets, nothing lost when it is read and written again), the properties that
calendar programs need, a VTIMEZONE for each TZID, and for every event and occurrence that the offset from UTC of the VTIMEZONE is the
one that the time zone database has.
"""
import datetime as dt
import itertools
import sys
import zoneinfo

import icalendar
from dateutil.rrule import rrulestr

# Time zones are written out until 2050.
LAST_YEAR = 2049
MOST_OCCURRENCES = 400


def check_bytes(data):
    """What must be true before anything is parsed."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield "is not UTF-8: %s" % error
        return
    if not data.endswith(b"\r\n"):
        yield "does not end with CRLF"
    for number, line in enumerate(data.split(b"\r\n"), 1):
        if len(line) > 75:
            yield "line %d has %d octets; fold it at 75" % (number, len(line))
        if b"\r" in line or b"\n" in line:
            yield "line %d has a bare CR or LF" % number
        if any(byte < 0x20 or byte == 0x7F for byte in line):
            yield "line %d has a control character" % number
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            yield "line %d is folded inside a character" % number


def check_calendar(calendar):
    for name in ("VERSION", "PRODID"):
        if name not in calendar:
            yield "%s is missing" % name
    zones = {}
    for component in calendar.walk("VTIMEZONE"):
        name = str(component["TZID"])
        if name in zones:
            yield "VTIMEZONE %s is there twice" % name
        if not list(component.walk("STANDARD")):
            yield "VTIMEZONE %s has no STANDARD" % name
        zones[name] = component.to_tz(lookup_tzid=False)
    events = calendar.walk("VEVENT")
    if not events:
        yield "there is no event"
    seen = set()
    for event in events:
        uid = str(event.get("UID", ""))
        if uid in seen:
            yield "UID %s is there twice" % uid
        seen.add(uid)
        for problem in check_event(event, zones):
            yield "event %s: %s" % (uid or "without UID", problem)


def check_event(event, zones):
    for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY"):
        if name not in event:
            yield "%s is missing" % name
    for error in event.errors:
        yield "cannot be read: %s" % (error,)
    if "DTSTART" not in event:
        return
    start = event["DTSTART"]
    end = event.get("DTEND")
    if end is not None:
        if kind(end.dt) != kind(start.dt):
            yield "DTSTART and DTEND are of different kinds"
        elif end.dt <= start.dt:
            yield "DTEND is not after DTSTART"
    for name in ("DTSTART", "DTEND"):
        if name in event and isinstance(event[name].dt, dt.datetime):
            yield from check_offset(name, event[name], zones)
    yield from check_recurrence(event, zones)


def kind(value):
    """A date, a local time or a time with an offset."""
    return (isinstance(value, dt.datetime), getattr(value, "tzinfo", None) is not None)


def check_offset(name, value, zones):
    zone = value.params.get("TZID")
    if zone is None:
        if value.dt.tzinfo is None:
            yield "%s floats: it has neither a TZID nor a Z" % name
        return
    if zone not in zones:
        yield "%s has the TZID %s, which has no VTIMEZONE" % (name, zone)
        return
    yield from compare(name, value.dt.replace(tzinfo=None), zone, zones)


def compare(name, local, zone, zones):
    """The offset that the file's own rules give, and that of the database."""
    try:
        expected = local.replace(tzinfo=zoneinfo.ZoneInfo(zone)).utcoffset()
    except zoneinfo.ZoneInfoNotFoundError:
        yield "%s is no zone of the database" % zone
        return
    # In a gap a time means the offset before it; the two libraries differ there, so it is not compared.
    there_and_back = local.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(dt.timezone.utc).astimezone(zoneinfo.ZoneInfo(zone))
    if there_and_back.replace(tzinfo=None) != local:
        return
    found = local.replace(tzinfo=zones[zone]).utcoffset()
    if found != expected:
        yield "%s %s has the offset %s in the VTIMEZONE, and %s in the database" % (name, local, found, expected)


def check_recurrence(event, zones):
    if "RRULE" not in event:
        if "EXDATE" in event:
            yield "EXDATE without RRULE"
        return
    start = event["DTSTART"]
    rule = event["RRULE"]
    whole_days = not isinstance(start.dt, dt.datetime)
    zone = start.params.get("TZID")
    for until in rule.get("UNTIL", []):
        if whole_days and isinstance(until, dt.datetime):
            yield "UNTIL must be a date, as DTSTART is"
            return
        if not whole_days and (not isinstance(until, dt.datetime) or until.tzinfo is None):
            yield "UNTIL must be in UTC, as DTSTART has a zone"
            return
    if whole_days:
        naive = dt.datetime.combine(start.dt, dt.time())
    else:
        naive = start.dt.replace(tzinfo=None)
    parts = dict(rule)
    if parts.get("UNTIL") and isinstance(parts["UNTIL"][0], dt.datetime):
        local = parts["UNTIL"][0].astimezone(zoneinfo.ZoneInfo(zone) if zone else dt.timezone.utc)
        parts["UNTIL"] = [local.replace(tzinfo=None)]
    text = icalendar.vRecur(parts).to_ical().decode()
    known = itertools.takewhile(lambda occurrence: occurrence.year <= LAST_YEAR, rrulestr(text, dtstart=naive))
    occurrences = list(itertools.islice(known, MOST_OCCURRENCES))
    if zone in zones:
        for occurrence in occurrences:
            yield from compare("occurrence", occurrence, zone, zones)
    excluded = event.get("EXDATE", [])
    for item in excluded if isinstance(excluded, list) else [excluded]:
        for value in item.dts:
            if isinstance(value.dt, dt.datetime) == whole_days:
                yield "EXDATE and DTSTART are of different kinds"
                continue
            moment = dt.datetime.combine(value.dt, dt.time()) if whole_days else value.dt.replace(tzinfo=None)
            if len(occurrences) < MOST_OCCURRENCES and moment not in occurrences and moment != naive:
                yield "EXDATE %s is no occurrence" % moment


def check_file(path):
    with open(path, "rb") as file:
        data = file.read()
    yield from check_bytes(data)
    try:
        calendar = icalendar.Calendar.from_ical(data)
    except Exception as error:  # Whatever the parser says is the finding.
        yield "cannot be parsed: %s" % error
        return
    yield from check_calendar(calendar)
    written = icalendar.Calendar.from_ical(calendar.to_ical(sorted=False))
    if written != calendar:
        yield "is not the same after it is read and written again"


def main(paths):
    if not paths:
        print(__doc__)
        return 2
    count = 0
    for path in paths:
        for problem in check_file(path):
            print("%s: %s" % (path, problem))
            count += 1
    print("%d files, %d problems" % (len(paths), count))
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
