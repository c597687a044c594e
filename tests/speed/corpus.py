"""Notes for measuring: the same for the same number, mostly Chinese, all different, linked
by name and path, with tags, tables and code in YAML, Go and shell; about 5 KB each."""

import os
import random

AREAS = ["overview", "pod", "network", "storage", "scheduling", "security"]
TAGS = ["网络", "存储", "调度", "安全", "排障", "kubelet", "etcd", "CNI", "RBAC", "Helm", "自动扩缩", "监控"]
NOUNS = "控制器 节点 容器 镜像 服务 端口 策略 队列 缓存 证书 日志 指标 卷 标签 命名空间 调度器 副本 探针 网关 配额".split()
VERBS = "监听 更新 删除 创建 重启 驱逐 绑定 挂载 转发 校验 缓存 等待 拒绝 合并 回滚".split()
TERMS = "Pod Deployment kube-proxy etcd API Server CRD Webhook kubelet Ingress containerd".split()

YAML = """apiVersion: v1
kind: Service
metadata:
  name: web-{n}
  labels: {{app: web-{n}, tier: "{m}"}}
spec:
  selector:
    app: web-{n}
  ports:
    - port: {port} # 对外的端口
      targetPort: {m}
"""

GO = """func reconcile{n}(ctx context.Context, key string) error {{
	if n := {m}; len(key) > n {{
		return fmt.Errorf("key %q is longer than %d", key, n)
	}}
	for range {port} {{
		select {{
		case <-ctx.Done():
			return ctx.Err()
		default:
		}}
	}}
	return nil
}}
"""

SHELL = """kubectl get pods -n web-{n} --field-selector=status.phase=Running -o wide | awk '$4 > {m}'
for n in $(seq {m}); do curl -sf "http://10.0.0.$n:{port}/healthz" || echo "节点 $n 没有回答"; done
"""


def name(number):
    return "%s-%05d" % (TERMS[number % len(TERMS)].lower(), number)


def sentence(rng):
    return "%s会%s%s，%s要等%d秒才%s。" % (
        rng.choice(NOUNS), rng.choice(VERBS), rng.choice(TERMS), rng.choice(NOUNS), rng.randrange(2, 90), rng.choice(VERBS))


def code(rng):
    language, text = rng.choice([("yaml", YAML), ("go", GO), ("bash", SHELL)])
    filled = text.format(n=rng.randrange(10**6), m=rng.randrange(1, 400), port=rng.randrange(1024, 65535))
    return "```%s\n%s```\n" % (language, filled)


def note(number, total, plain):
    """The text of a note; a `plain` one has no links by name, which not every tool knows."""
    rng = random.Random(number)
    tags = rng.sample(TAGS, 3)
    parts = ["---\ntitle: %s与%s的第 %d 种做法\ntags: [%s]\n---\n" % (
        rng.choice(TERMS), rng.choice(NOUNS), number, ", ".join(tags))]
    for section in range(4):
        parts.append("## %s怎样%s %d\n" % (rng.choice(NOUNS), rng.choice(VERBS), section))
        for _ in range(3):
            parts.append("".join(sentence(rng) for _ in range(5)) + "\n")
        if not plain:
            other = rng.randrange(total)
            parts.append("参见 [[%s]] 和 [路径](../%s/%s.md)。\n" % (
                name(rng.randrange(total)), AREAS[other % len(AREAS)], name(other)))
        parts.append(code(rng) if section else "| 字段 | 值 |\n|---|---|\n| `a` | %d |\n| `b` | **%d** |\n" % (number, section))
    return "\n".join(parts)


def write(folder, total, plain=False):
    for number in range(total):
        area = os.path.join(folder, AREAS[number % len(AREAS)])
        os.makedirs(area, exist_ok=True)
        with open(os.path.join(area, name(number) + ".md"), "w", encoding="utf-8") as file:
            file.write(note(number, total, plain))
