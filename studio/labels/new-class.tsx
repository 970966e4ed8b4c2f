/** A class that nobody thought of at the beginning: named when its first row comes by. */
import { useRef, useState } from "react";
import { useKeys } from "../shell/keys.js";

interface Props {
  readonly isOpen: boolean;
  /** Gives the row the class of that name. */
  readonly onName: (name: string) => void;
}

export function NewClass({ isOpen, onName }: Props) {
  const [name, setName] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useKeys([{ keys: "+", label: "another class", run: () => field.current?.focus() }]);
  return (
    <form
      className="new-class"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === "" || !isOpen) return;
        onName(name.trim());
        setName("");
        // The keys label rows again.
        field.current?.blur();
      }}
    >
      <kbd>+</kbd>
      <input
        ref={field}
        value={name}
        onChange={(event) => setName(event.target.value)}
        placeholder="Another class"
        aria-label="Another class, for this row first"
      />
    </form>
  );
}
