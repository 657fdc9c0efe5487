// Who killed whom with what, at the upper right.

import { ARENA_WIDTH, clamp } from "@trespasser/common/geometry";
import { weaponIcon } from "@trespasser/common/icons";
import type { KillLine } from "@trespasser/common/match_model";
import { AMBER, BONE, MIST, TEAM, WARN } from "@trespasser/common/palette";
import { drawText, textWidth } from "@trespasser/common/text";
import type { Team } from "@trespasser/common/weapons";

const SHOWN_MS = 6000;

export function drawKillLines(ctx: CanvasRenderingContext2D, lines: readonly KillLine[], now: number): void {
  let y = 5;
  for (const line of lines) {
    const age = now - line.at;
    if (age > SHOWN_MS) continue;
    ctx.globalAlpha = clamp((SHOWN_MS - age) / 500, 0, 1);
    drawKillLine(ctx, line, y);
    ctx.globalAlpha = 1;
    y += 11;
  }
}

function drawKillLine(ctx: CanvasRenderingContext2D, line: KillLine, y: number): void {
  const color = (team: Team | null): string => (team ? TEAM[team].light : MIST);
  const icon = line.weapon ? weaponIcon(line.weapon, BONE) : null;
  const killer = line.killer?.slice(0, 12) ?? "";
  const victim = line.victim.slice(0, 12);
  const kw = killer ? textWidth(killer, "small") + 4 : 0;
  const iw = icon ? icon.width + 2 : textWidth("×", "small") + 4;
  const width = 6 + kw + iw + textWidth(victim, "small");
  const x = ARENA_WIDTH - 6 - width;
  ctx.fillStyle = line.own ? "rgba(60,44,20,0.85)" : "rgba(11,13,23,0.72)";
  ctx.fillRect(x, y, width, 10);
  if (line.own) {
    ctx.fillStyle = AMBER;
    ctx.fillRect(x, y, 1, 10);
  }
  if (killer) drawText(ctx, killer, x + 3, y + 3, color(line.killerTeam), { face: "small" });
  if (icon) ctx.drawImage(icon, x + 2 + kw, Math.round(y + 5 - icon.height / 2));
  else drawText(ctx, "×", x + 4 + kw, y + 3, WARN, { face: "small" });
  drawText(ctx, victim, x + 3 + kw + iw, y + 3, color(line.victimTeam), { face: "small" });
}
