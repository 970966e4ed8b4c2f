import { Dialog } from "../parts/dialog.js";
import { useBoundKeys } from "./keys.js";

/** The keys that do something where the reader is. */
export function KeyList({ onClose }: { readonly onClose: () => void }) {
  const keys = useBoundKeys().flat();
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {keys.map(({ keys: one, label }) => (
          <div key={one}>
            <dt>
              {one.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
