// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include <memory>
#include <optional>

class QComboBox;
class QLabel;
class QPushButton;

namespace timestep {

class ElidedLabel;
class InfluenceJob;
class InfluenceMap;
class Session;
struct Run;

/// Which tokens sway what is expected next, in both models by the same measure: two small heatmaps
/// beside each other, and the row of the chosen token in words. Computed only while it is seen.
class InfluencePanel : public QWidget
{
    Q_OBJECT
public:
    explicit InfluencePanel(Session& session, QWidget* parent = nullptr);
    ~InfluencePanel() override;

    /// All that is computed by itself is there and drawn.
    QString targetText() const; // "on each model's own best next token"
    /// Drawn at once, where it would otherwise be so a little later.
    void setForPicture(bool forPicture); // and all words are shown
    bool complete() const;
    /// Its labels wrap, but that must not make its preferred height the least there may be.
    bool hasHeightForWidth() const override { return false; }
    QSize sizeHint() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void restart();
    void advance();
    void showState();
    void showSelection();
    void showWords();
    void hoverCell(InfluenceMap& map, std::optional<QPoint> cell);
    void fitWords();
    void colorNames();
    QString words(int row) const;
    std::optional<int> rowOf(std::optional<int> token) const; // in the window

    Session& m_session;
    InfluenceJob* m_job;
    std::shared_ptr<const Run> m_run; // null, or one of at least a token
    QStringList m_labels;
    ElidedLabel* m_progress;
    ElidedLabel* m_caption;
    QComboBox* m_target;
    InfluenceMap* m_lstm;
    InfluenceMap* m_attention;
    QLabel* m_lstmName;
    QLabel* m_attentionName;
    QLabel* m_words;
    QPushButton* m_compute;
    bool m_forPicture = false;
};

} // namespace timestep
