// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace timestep {

/// A line of plain text that ends in "…" where there is no room for all of it, or is a shorter one
/// where it has such; the tooltip then shows all of it.
class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr);

    void setFullText(const QString& text);
    const QString& fullText() const;
    /// What is shown where there is no room for all of it; empty: as much of it as there is room
    /// for.
    void setShortText(const QString& text);
    /// What the tooltip says besides; empty: nothing.
    void setDetail(const QString& detail);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void elide();

    QString m_fullText;
    QString m_shortText;
    QString m_detail;
};

} // namespace timestep
