#!/usr/bin/env python3
"""Prints recurrence-cases.tsv: rules of recurrence and what python-dateutil makes of them.

    python3 -m pip install python-dateutil
    python3 make_recurrence_cases.py > recurrence-cases.tsv

Columns: rule, start, excluded days, first and last day of the range, limit, expected days. Times are in America/Los_Angeles.
The numbers are random but seeded: the same script prints the same table.
"""
import datetime as dt
import random
import zoneinfo

from dateutil.rrule import rrulestr

ZONE = zoneinfo.ZoneInfo("America/Los_Angeles")
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
END = dt.date(2049, 12, 31)

# Rules that schools really write, each tried from several starts.
USUAL = """
FREQ=DAILY
FREQ=DAILY;COUNT=5
FREQ=DAILY;INTERVAL=10
FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR
FREQ=DAILY;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA
FREQ=WEEKLY
FREQ=WEEKLY;BYDAY=MO,TH
FREQ=WEEKLY;INTERVAL=2;WKST=SU
FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO
FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU
FREQ=WEEKLY;BYDAY=WE;BYMONTH=9,10,11,12,1,2,3,4,5,6
FREQ=MONTHLY
FREQ=MONTHLY;BYDAY=1TU
FREQ=MONTHLY;BYDAY=-1FR
FREQ=MONTHLY;BYDAY=1TU,3TU
FREQ=MONTHLY;BYDAY=1TU;BYMONTH=9,10,11,12,1,2,3,4,5,6
FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU
FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1
FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2
FREQ=MONTHLY;BYMONTHDAY=15
FREQ=MONTHLY;BYMONTHDAY=31
FREQ=MONTHLY;BYMONTHDAY=-1
FREQ=MONTHLY;BYMONTHDAY=2,15,-3
FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13
FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13
FREQ=YEARLY
FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8
FREQ=YEARLY;BYMONTH=9;BYDAY=1TU
FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO
FREQ=YEARLY;BYDAY=20MO
FREQ=YEARLY;BYDAY=TH;BYMONTH=3
FREQ=YEARLY;BYMONTHDAY=1
FREQ=YEARLY;BYYEARDAY=1,100,200,-1
FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO
FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,SU
FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29
FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30
""".split()


def sample(rng, values, most):
    return sorted(rng.sample(list(values), rng.randint(1, min(most, len(values)))))


def joined(values):
    return ",".join(str(value) for value in values)


def signed(rng, most):
    return [n for n in range(-most, most + 1) if n != 0]


def random_rule(rng):
    frequency = rng.choice(["DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY", "YEARLY"])
    parts = ["FREQ=" + frequency]
    if rng.random() < 0.5:
        parts.append("INTERVAL=%d" % rng.choice([1, 2, 2, 3, 4, 6, 13]))
    if rng.random() < 0.3:
        parts.append("BYMONTH=" + joined(sample(rng, range(1, 13), 10)))
    chooses = False
    if frequency == "YEARLY" and rng.random() < 0.25:
        parts.append("BYWEEKNO=" + joined(sample(rng, list(range(1, 54)) + [-1], 6)))
        parts.append("BYDAY=" + joined(sample(rng, DAYS, 3)))
        chooses = True
    elif frequency == "YEARLY" and rng.random() < 0.2:
        parts.append("BYYEARDAY=" + joined(sample(rng, signed(rng, 366), 8)))
        chooses = True
    else:
        if frequency != "WEEKLY" and rng.random() < 0.4:
            parts.append("BYMONTHDAY=" + joined(sample(rng, signed(rng, 31), 6)))
            chooses = True
        if rng.random() < 0.6:
            days = sample(rng, DAYS, 4)
            if frequency in ("MONTHLY", "YEARLY") and rng.random() < 0.6:
                days = ["%d%s" % (rng.choice([1, 2, 3, 4, 5, -1, -2]), day) for day in days]
            parts.append("BYDAY=" + joined(days))
            chooses = True
    if chooses and frequency != "DAILY" and rng.random() < 0.25:
        parts.append("BYSETPOS=" + joined(sample(rng, [-2, -1, 1, 2, 3], 2)))
    if rng.random() < 0.3:
        parts.append("WKST=" + rng.choice(DAYS))
    return ";".join(parts)


def random_end(rng, start):
    kind = rng.choice(["never", "never", "count", "date", "local", "utc"])
    if kind == "never":
        return ""
    if kind == "count":
        return ";COUNT=%d" % rng.randint(1, 30)
    last = start + dt.timedelta(days=rng.randint(1, 1500), hours=rng.choice([-2, 0, 0, 2]))
    if kind == "date":
        return ";UNTIL=" + last.strftime("%Y%m%d")
    if kind == "local":
        return ";UNTIL=" + last.strftime("%Y%m%dT%H%M%S")
    return ";UNTIL=" + last.replace(tzinfo=ZONE).astimezone(dt.timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def parsed(rule, start):
    """dateutil wants UNTIL and the start to be of one kind; we read a day as its whole day."""
    head, _, until = rule.partition(";UNTIL=")
    if not until:
        return rrulestr(rule, dtstart=start)
    if until.endswith("Z"):
        return rrulestr(rule, dtstart=start.replace(tzinfo=ZONE))
    return rrulestr(head + ";UNTIL=" + (until if "T" in until else until + "T235959"), dtstart=start)


def occurrences(rule, start, range_end):
    """From the start, which always counts, up to a day."""
    found = [start.date()]
    rule_count = None
    if "COUNT=" in rule:
        rule_count = int(rule.split("COUNT=")[1].split(";")[0])
    for moment in parsed(rule, start):
        day = moment.date()
        if day > range_end or (rule_count is not None and len(found) >= rule_count):
            break
        if day > start.date():
            found.append(day)
    return found


def print_case(rng, rule, near, keep_start):
    """One line. The start is moved to where the rule first comes, unless it is kept as one that does not fit."""
    start = near
    if not keep_start:
        first = next(iter(rrulestr(rule, dtstart=near, cache=False).xafter(near, count=1, inc=True)), None)
        if first and first.date() < END:
            start = first
    if "COUNT=" not in rule:
        rule += random_end(rng, start)
    # Most ranges begin with the event, some far from it.
    first_day = start.date() + dt.timedelta(days=rng.choice([0, 0, -30, 1, 45, 400, 3000]))
    last_day = min(first_day + dt.timedelta(days=rng.choice([31, 365, 1500, 6000])), END)
    limit = rng.choice([3, 12, 12, 12])
    every = occurrences(rule, start, last_day)
    inside = [day for day in every if day >= first_day]
    excluded = sorted(rng.sample(inside[:12], min(len(inside[:12]), rng.choice([0, 0, 1, 3]))))
    expected = [day for day in inside if day not in excluded][:limit]
    write = lambda days: " ".join(day.strftime("%Y%m%d") for day in days)
    print("\t".join([
        rule, start.strftime("%Y-%m-%dT%H:%M"), write(excluded), str(first_day), str(last_day), str(limit), write(expected),
    ]))


def main():
    rng = random.Random(20260902)
    print("rule\tstart\texcluded\tfirst\tlast\tlimit\texpected")

    def moment():
        day = dt.date(2008, 1, 1) + dt.timedelta(days=rng.randint(0, 365 * 25))
        return dt.datetime.combine(day, dt.time(rng.choice([0, 8, 18, 23]), rng.choice([0, 30])))

    for rule in USUAL:
        for _ in range(3):
            print_case(rng, rule, moment(), keep_start=False)
        print_case(rng, rule, moment(), keep_start=True)
    for number in range(500):
        print_case(rng, random_rule(rng), moment(), keep_start=number % 12 == 0)


main()
