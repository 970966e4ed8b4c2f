import { chooseTheme, THEMES, useTheme } from "./theme.js";

export function ThemeSwitch() {
  const theme = useTheme();
  return (
    <label className="theme">
      <span className="hidden">Theme</span>
      <select value={theme} onChange={(event) => chooseTheme(event.target.value as (typeof THEMES)[number])}>
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {one === "system" ? "As the system" : one === "light" ? "Light" : "Dark"}
          </option>
        ))}
      </select>
    </label>
  );
}
