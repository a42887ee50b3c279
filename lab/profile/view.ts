import { PROFILE } from "../../src/display/bundle.js";
import {
  liveProfile,
  type Profile,
  type ProfileColumn,
  type ProfileState,
} from "../../src/display/profile/profile-live.js";
import { readOrNull } from "../../src/display/reading/read-json.js";
import { readProfile } from "../../src/display/reading/read-profile.js";
import { draw } from "../draw.js";
import type { MountedView, View, ViewHost } from "../view.js";

/** Where the time of a cell went. */
export const profile: View<Profile> = {
  mimeType: PROFILE,
  read: (json) => readOrNull(readProfile, json),
  mount: (host) => new MountedProfile(host),
};

class MountedProfile implements MountedView<Profile> {
  #profile: Profile | null = null;
  #state: ProfileState = {
    focus: [],
    table: "layers",
    sort: { column: "milliseconds", isDescending: true },
  };
  readonly #listening = new AbortController();

  constructor(private readonly host: ViewHost) {
    const { signal } = this.#listening;
    host.node.addEventListener("click", (event) => this.#click(event.target as Element), { signal });
  }

  show(profile: Profile): void {
    this.#profile = profile;
    this.#draw();
  }

  dispose(): void {
    this.#listening.abort();
  }

  #draw(): void {
    draw(this.host.node, liveProfile(this.#profile!, this.#state));
  }

  #click(target: Element): void {
    const { focus, table, sort } =
      target.closest<HTMLElement>("[data-focus],[data-table],[data-sort]")?.dataset ?? {};
    if (focus !== undefined) this.#become({ focus: focus === "" ? [] : focus.split(".").map(Number) });
    else if (table !== undefined) this.#become({ table: table as ProfileState["table"] });
    else if (sort !== undefined) this.#sort(sort as ProfileColumn);
  }

  /** Numbers begin with the largest. */
  #sort(column: ProfileColumn): void {
    const { sort } = this.#state;
    const isDescending = sort.column === column ? !sort.isDescending : column !== "name";
    this.#become({ sort: { column, isDescending } });
  }

  #become(change: Partial<ProfileState>): void {
    this.#state = { ...this.#state, ...change };
    this.#draw();
  }
}
