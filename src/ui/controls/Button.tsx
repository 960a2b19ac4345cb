import type { ComponentProps } from "react";
import styles from "./controls.module.css";
import type { IconName } from "./Icon.tsx";
import { Icon } from "./Icon.tsx";

interface Props extends ComponentProps<"button"> {
  readonly look?: "plain" | "primary" | "quiet";
}

export function Button({ look = "plain", className, ...rest }: Props) {
  const names = [styles.button, look !== "plain" && styles[look], className];
  return <button type="button" {...rest} className={names.filter(Boolean).join(" ")} />;
}

interface IconProps extends Omit<ComponentProps<"button">, "children"> {
  readonly icon: IconName;
  /** Accessible name; also the tooltip unless `title` says more. */
  readonly label: string;
  readonly small?: boolean;
}

export function IconButton({ icon, label, small, className, title, ...rest }: IconProps) {
  const names = [styles.button, styles.quiet, styles.icon, small && styles.small, className];
  return (
    <button
      type="button"
      aria-label={label}
      title={title ?? label}
      {...rest}
      className={names.filter(Boolean).join(" ")}
    >
      <Icon name={icon} size={small ? 15 : 16} />
    </button>
  );
}
