/** Texts too long for their place. */
import type { ReactNode } from "react";

/** A text that scrolls where its class gives it a height, with the keyboard too. */
export function ScrolledText(props: { readonly className?: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <p className={props.className} tabIndex={0}>
      {props.children}
    </p>
  );
}
