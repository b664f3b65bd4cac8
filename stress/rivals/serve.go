package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	_ "net/http/pprof" // a heap profile with ?gc=1 forces a collection, as Recall's does
	"os"
	"runtime"

	"github.com/centrifugal/centrifuge"
	"github.com/coder/websocket"
)

// The environment tells this program to be a rival instead of comparing them.
const (
	serveEnv = "RIVALS_SERVE"
	debugEnv = "RIVALS_DEBUG_LISTEN"
)

func ourselves(name string) func(debug string) (string, []string, []string) {
	return func(debug string) (string, []string, []string) {
		return "/proc/self/exe", nil, []string{serveEnv + "=" + name, debugEnv + "=" + debug}
	}
}

func recallCommand(program, dir string) func(debug string) (string, []string, []string) {
	return func(debug string) (string, []string, []string) {
		return program, []string{"--listen", "127.0.0.1:0", "--data-dir", dir, "--log-level", "error"}, []string{"RECALL_DEBUG_LISTEN=" + debug}
	}
}

// served is whether this process was a rival, until it was ended.
func served() bool {
	name := os.Getenv(serveEnv)
	if name == "" {
		return false
	}
	if err := serve(name); err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		os.Exit(1)
	}
	return true
}

// serve prints its address, as Recall does.
func serve(name string) error {
	handler, err := handlers[name]()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", handler)
	mux.HandleFunc("/metrics", memoryMetrics)
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	go func() { _ = http.ListenAndServe(os.Getenv(debugEnv), nil) }() //nolint:gosec // loopback, for as long as the run
	return http.Serve(listener, mux)                                  //nolint:gosec // the same
}

var handlers = map[string]func() (http.Handler, error){
	"bare":       func() (http.Handler, error) { return http.HandlerFunc(bare), nil },
	"centrifuge": centrifugeHandler,
}

// memoryMetrics has the two metrics that are read, under the names that Recall's have.
func memoryMetrics(w http.ResponseWriter, _ *http.Request) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Fprintf(w, "%s %d\n%s %d\n", heapMetric, m.HeapInuse, stackMetric, m.StackInuse)
}

// bare lets the handler return, so that what net/http keeps for a request is free.
func bare(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	go echo(ws)
}

func echo(ws *websocket.Conn) {
	ctx := context.Background()
	for {
		kind, message, err := ws.Read(ctx)
		if err != nil {
			return
		}
		if ws.Write(ctx, kind, message) != nil {
			return
		}
	}
}

// centrifugeHandler takes the token for the user's name: what its check costs is not
// compared.
func centrifugeHandler() (http.Handler, error) {
	node, err := centrifuge.New(centrifuge.Config{})
	if err != nil {
		return nil, err
	}
	node.OnConnecting(func(_ context.Context, e centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{UserID: e.Token}}, nil
	})
	node.OnConnect(func(client *centrifuge.Client) {
		client.OnRPC(func(e centrifuge.RPCEvent, reply centrifuge.RPCCallback) {
			reply(centrifuge.RPCReply{Data: e.Data}, nil)
		})
	})
	return centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{}), node.Run()
}
