#!/usr/bin/env python3
"""What the detectors of S4 find in labelled matches of bots; bench/run_detectors.sh calls this.

Thresholds were chosen on the seeds from 1; what is reported is of other seeds, played once. --tuning plays those from 1 and
writes no report."""

import argparse
import json
import subprocess
import time

import measure

HELD_OUT = 1_000_001

ROLES = {
    "bot_easy": "the server's bot, easy", "bot_normal": "normal", "bot_hard": "hard",
    "hand_easy": "the easy bot with a hand's faults", "hand_normal": "normal", "hand_hard": "hard",
    "hand_sharp": "the hard bot with a still hand and a quick finger",
    "aim_lock": "aimbot: the mouse sits on the enemy in view, fires as fast as the weapon",
    "aim_flick": "aimbot: the mouse jumps to the enemy for each shot",
    "aim_silent": "aimbot: the shot goes to the enemy, the mouse does not",
    "aim_smooth": "aimbot that draws the mouse to the enemy gently",
    "trigger": "trigger bot: fires whenever the mouse is on an enemy",
    "speed": "speed hack: a clock twice as fast", "flood": "flooder: five inputs a frame",
    "stride": "speed hack: numbers that claim 20 steps an input",
    "rapid": "asks for shots in every tick", "replayer": "repeats ten seconds of its own inputs",
    "resender": "sends old inputs a second time",
}


def build():
    command = "cmake --preset release && cmake --build --preset release --target bench-detectors"
    subprocess.run(["bash", "-c", command], cwd=measure.ROOT, check=True, stdout=subprocess.DEVNULL)


def play(arguments, first_seed):
    program = measure.ROOT / "build" / "release" / "bin" / "bench-detectors"
    command = [program, "--first-seed", str(first_seed), "--honest", str(arguments.honest), "--cheats", str(arguments.cheats),
               "--minutes", str(arguments.minutes), "--threads", str(arguments.threads)]
    return json.loads(subprocess.run(command, cwd=measure.ROOT, check=True, capture_output=True).stdout)


def percent(part, whole):
    return f"{100 * part / whole:.0f} %" if whole else "-"


def upper_bound(wrong, matches):
    """Of the true rate, with 95 % confidence, when `wrong` is small: exact for 0, the usual table for 1 and 2."""
    return 1000 * {0: 3.0, 1: 4.74, 2: 6.3}.get(wrong, wrong + 2 * wrong ** 0.5 + 2) / matches


def report(result):
    honest = [role for role in result["roles"] if role["honest"]]
    cheats = [role for role in result["roles"] if not role["honest"]]
    matches = sum(role["matches"] for role in honest)
    wrong = sum(role["found"] for role in honest)
    lines = [
        "# Detectors of cheats on labelled matches", "",
        f"Matches of eight on three maps, {result['minutes']} minutes each, lines of 17 to 150 ms that hiccup and now and then stand "
        f"still for up to 3 s. {result['honestMatches']} matches of honest players and {result['matchesPerCheat']} of each cheat, one "
        f"cheat a team among honest players of all kinds. Seeds from {result['firstSeed']}, not those the thresholds were chosen on "
        f"(from 1). Every number follows from the seeds; {time.strftime('%Y-%m-%d')}.", "",
        f"**Honest players: {wrong} found in {matches} player-matches, {1000 * wrong / matches:.2f} per 1,000** (below "
        f"{upper_bound(wrong, matches):.1f} with 95 % confidence).", "",
        "| honest | player-matches | found | exact shots at moving targets | exact after a snap | hits before seen | shots at the crossing |",
        "|---|---|---|---|---|---|---|"]
    for role in honest:
        lines.append(f"| {ROLES[role['role']]} | {role['matches']} | {role['found']} | {shares(role)} |")
    lines += ["", "| cheat | player-matches | found | after s | by | exact | after a snap | before seen | at the crossing |",
              "|---|---|---|---|---|---|---|---|---|"]
    for role in cheats:
        kinds = ", ".join(f"{kind} {percent(count, role['matches'])}" for kind, count in role["kinds"].items() if count)
        lines.append(f"| {ROLES[role['role']]} | {role['matches']} | {percent(role['found'], role['matches'])} | "
                     f"{role['secondsToFirst']:.0f} | {kinds} | {shares(role)} |")
    kinds = {kind: sum(role["kinds"][kind] for role in honest) for kind in honest[0]["kinds"]}
    lines += ["", "False findings by kind, per 1,000 player-matches of honest players: "
              + ", ".join(f"{kind} {1000 * count / matches:.2f}" for kind, count in kinds.items()) + ".", "",
              "Found = at least one finding in one match of one player. What is measured on bots says that the detectors tell these programs "
              "from these players. It does not say how people aim: the bots' hands are a guess, so the thresholds leave room between the "
              "shares above and those at which a scale tips (docs/anticheat.md), and a finding is shown to a moderator and bans nobody.",
              "", "`bench/run_detectors.sh` writes this page again.", ""]
    measure.REPORTS.joinpath("detectors.md").write_text("\n".join(lines), encoding="utf-8")
    measure.REPORTS.joinpath("detectors.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def shares(role):
    return " | ".join(f"{100 * scale['yes']:.0f} % of {scale['perMatch']:.0f}" for scale in role["aim"].values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--honest", type=int, default=400, help="matches of honest players (%(default)s)")
    parser.add_argument("--cheats", type=int, default=30, help="matches of each cheat (%(default)s)")
    parser.add_argument("--minutes", type=int, default=5, help="of each match (%(default)s)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--tuning", action="store_true", help="play the seeds from 1 and print, write no report")
    arguments = parser.parse_args()
    build()
    if arguments.tuning:
        print(json.dumps(play(arguments, 1), indent=1))
    else:
        report(play(arguments, HELD_OUT))


if __name__ == "__main__":
    main()
