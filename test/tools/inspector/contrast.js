// Runs inside the page: text whose contrast is below 4.5, as WCAG 2.2 computes it.
(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (canvas === null) throw new Error('expected a canvas, got none');

  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color) => {
    const [red = 0, green = 0, blue = 0] = rgba(color)
      .map((channel) => channel / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (rgba(color)[3] === 255) return color;
    }
    throw new Error('expected the page to have a background');
  };

  let checked = 0;
  const poor = [];
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes].filter(
      (node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim(),
    );
    if (text.length === 0 || !element.checkVisibility()) continue;
    const [lighter = 0, darker = 0] = [
      luminance(getComputedStyle(element).color),
      luminance(groundOf(element)),
    ].toSorted((a, b) => b - a);
    const contrast = (lighter + 0.05) / (darker + 0.05);
    checked += 1;
    if (contrast < 4.5)
      poor.push(`${element.tagName} ${element.className} ${text[0]?.nodeValue}: ${contrast.toFixed(2)}`);
  }
  return { checked, poor };
})();
